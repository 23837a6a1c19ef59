"""Call-back requests: an advocate, by the survivor's signed release, asks the assigned officer to call. Off by default.

Nobody but that officer ever learns of one: no column, count, log line, notice or other screen differs (safeguards C3 to
C6, D6, matrix row 14). After 14 days, or once the call was made, its key is destroyed, and with it every copy.
"""
