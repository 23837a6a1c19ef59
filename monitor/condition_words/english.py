"""The sheet of codes in English."""

from typing import Final

TITLE: Final = "What the codes in a court order mean"
INTRO: Final = (
    "A court order has rules. Each rule has a code. This sheet says in plain words what each code means. The order"
    " itself may say more. If the two do not fit, the order counts."
)
HEADS: Final = ("What it means", "If it is broken", "How to ask for a change")
CHANGE: Final = (
    "Only a judge can change an order. Ask the clerk of the court for the form, or ask a lawyer. The judge may set a"
    " hearing. Until the judge signs a new order, the old one holds. It holds even if both sides want the change. An"
    " advocate can go with you and can tell you how to stay safe while you ask."
)
BROKEN: Final = {
    "police": "If it is happening now, call 911. Say that there is a court order. Police can look it up. If it is over,"
              " you can still tell the police. You do not have to. An advocate can help you think it through.",
    "court": "If somebody is in danger, call 911. If not, ask a lawyer or the clerk how to tell the court. An advocate"
             " can help you.",
    "office": "This is for the office that watches over the order. It hears from the program and asks what happened."
              " You do not have to report it, and you do not have to prove it. If you are afraid, call 911.",
}  # fmt: skip
CODES: Final = {
    "01": ("No harm, no threats, no stalking",
           "The person may not hurt, threaten, follow or bother the one who is protected."),
    "02": ("No threats to the family", "The person may not threaten others in the family or the home."),
    "03": ("The home is for one side", "The one who is protected may live in the home. The other may not go in."),
    "04": ("Stay away", "The person must stay away from the places that the order names. The order says how far."),
    "05": ("No contact", "The person may not call, write, send word through others or come close. If the order allows"
                         " something, it says so."),
    "06": ("Visits with children", "The order says when and how the person may see the children."),
    "07": ("No guns", "The person may not have or buy guns. Other weapons may be in the order, too."),
    "08": ("Other rules", "The judge wrote more rules. Read the order, or ask the clerk to read it with you."),
    "09": ("Children live with one side", "For now the children live with the one who is protected."),
    "BIP": ("Program classes", "The person must go to classes about not using violence. The order says how many."),
    "CHECK_IN": ("Check in", "The person must check in with an office on set days."),
    "TESTING": ("Testing", "The person must take drug or alcohol tests when told to."),
    "ALCOHOL_ABSTAIN": ("No alcohol", "The person may not drink alcohol."),
    "FIREARM_SURRENDER": ("Give up guns", "The person must hand in all guns by a set day and prove it."),
    "FIREARM_PROHIBITION": ("No guns", "The person may not have or buy guns while the order holds."),
    "NO_CONTACT": ("No contact", "The person may not call, write, send word through others or come close."),
    "STAY_AWAY": ("Stay away", "The person must stay away from the places that the order names."),
    "REPORT_TO_PROBATION": ("Report to probation", "The person must see a probation officer when told to."),
    "NOTIFY_CHANGE": ("Tell of changes", "The person must tell the office about a new home, job or phone."),
    "FINES_FEES": ("Fines and fees", "The person must pay what the court set. Who cannot pay may ask the court."),
    "OTHER_BESPOKE": ("Other rules", "The judge wrote more rules. Read the order, or ask the clerk."),
}  # fmt: skip
END: Final = "This is not legal advice. This sheet is not an emergency service. In danger, call 911."
