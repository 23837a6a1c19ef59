"""Copies of the record: encrypted, whole, and such that a case can be taken out of them afterwards.

A copy is one format for both databases. Its outside is sealed with the site's key; inside, the rows of each case are
sealed once more with a key of that case, which lies in a store of its own. Whoever destroys that key has deleted the
case from every copy there is (safeguard H8).
"""
