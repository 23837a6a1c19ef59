"""The status list: every open case of every court in a few words, for community advocates (safeguards B8, A3).

It is one list, the same for everybody who gets it. Whoever looks for somebody does it on their own machine: nothing
here takes a name or a number.
"""
