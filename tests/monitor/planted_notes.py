"""Fifty notes, all invented, that hold what must never be kept (safeguards A1 to A13), as people write them in a hurry.

Written without looking at the lint's patterns; `docs/security.md` lists those that it misses.
"""

from __future__ import annotations

PLANTED = {
    "A1": (
        "Now living at 218 Juniper Ridge Lane, upstairs", "moved in w/ sister, 1406 Alder St #3",
        "stays on Calle Robles 44", "her new place is off Highway 9", "works the counter at 55 Market Square",
        "dropped off at 930 E. 14th Ave", "unit 7, Maple Court", "P.O. Box 1187 Fernwood", "Fernwood, OR 97499",
        "her apartment is two blocks from the program", "address changed to 12 Oak, told nobody",
    ),
    "A2": (
        "reach her at 541-555-0188", "new cell (541) 555 0190", "txt 5415550123 after 5", "mail: rosa.e@mail.example",
        "on Facebook under her maiden name", "snapchat rosie_e99", "number is 555-0177, do not share",
        "two people who can always reach her: mother and Dana",
    ),
    "A3": (
        "she is a client of Haven House", "goes to the shelter's support group", "sees an advocate on Thursdays",
        "hotline referred her",
    ),
    "A4": (
        "safety plan: leaves by the back door", "told the advocate he has a gun", "staying at a safe house in Fernwood",
        "she said he waits in the parking lot", "shelter stay ends Friday",
    ),
    "A5": (
        "partner contact done 11/3, partner says he is drinking", "called the partner, she is afraid",
        "wife reports he skipped and went fishing",
    ),
    "A6": ("danger assessment score 18", "LAP screen positive at the scene, lethality high"),
    "A7": (
        "she has a U visa pending", "undocumented, afraid to testify", "ICE came about her green card",
        "VAWA self-petition filed in May",
    ),
    "A8": (
        "SANE exam done at county", "her injuries: bruised neck", "photos of her arm in the folder",
        "strangulation documented by ER",
    ),
    "A10": ("another member said his partner left him", "group heard about his girlfriend's new job"),
    "A12": (
        "kids go to Willow Creek Elementary", "custody exchange Sundays at the library", "picks up the kids at daycare",
        "his daughter's school called",
    ),
    "A13": ("she called him first", "victim texted him twice this week", "she keeps coming by his work"),
}  # fmt: skip
NOTES = [(safeguard, note) for safeguard, notes in PLANTED.items() for note in notes]
# what the lint lets through, as measured; docs/security.md says so too
MISSED = ("address changed to 12 Oak, told nobody",)
