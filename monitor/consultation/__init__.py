"""Case consultation: the list of the team that looks together at cases of high danger. Off by default.

Built of rows 1, 2, 5, 9, 12 and 13 of the access matrix, for each reader as far as their own cell of it goes. Who
brought a case is kept nowhere; that it was on the list shows on no other page, and is gone thirty days after.
"""
