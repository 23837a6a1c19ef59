"""Is there an order on this person, is it served, what does it forbid: for dispatch and patrol, in seconds.

Nothing here lists. What is asked is what the asker knows already: a name, or the number of a case or order.
"""
