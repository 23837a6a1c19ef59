"""Words that must not enter the record: where a protected person can be found, what she said, whom she sees.

Safeguards A1-A13 and T-A2. A net and not a wall: it reads English patterns (and a few Spanish words) and misses what
is said in other ways. A hit stops the text until somebody edits it or gives a reason.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

STREETS = (
    "st street ave avenue rd road blvd boulevard ln lane dr drive ct court pl place way ter terrace hwy highway pkwy "
    "parkway cir circle sq square loop trail trl"
).replace(" ", "|")
# somebody who is not the person under order
OTHERS = "|".join((
    "victims?", "survivor", "wife", "husband", "spouse", "girlfriend", "boyfriend", "fianc[eé]e?", "partner",
    "ex(?:-?(?:wife|husband|partner|girlfriend|boyfriend))?", "baby'?s? (?:mother|mom|mama|father|dad)",
    "mother of (?:his|her|the|their) (?:child|children|kids|son|daughter)", "protected (?:person|party)", "petitioner",
    "complain(?:ant|ing witness)", "esposa", "novia", "v[ií]ctima", "pareja", "exesposa",
))  # fmt: skip
SAYING = (
    "said says told tells reports? reported called calls texted texts emailed asked wants stated states disclosed "
    "mentioned claims claimed thinks feels fears moved lives left works stays staying dice dijo vive"
).replace(" ", "|") + "|(?:is|was) (?:afraid|scared)"
RELATIVE = (
    "wife|husband|spouse|girlfriend|boyfriend|fianc[eé]e?|victim|ex|ex-?wife|ex-?husband|ex-?partner|ex-?girlfriend"
)

# a code for each kind of information, and what gives it away
PATTERNS: Mapping[str, tuple[str, ...]] = {
    "ADDRESS": (
        rf"\b\d{{1,6}}[a-z]?\s+(?:[nsew]\.?\s+)?(?:[a-z0-9'.-]+\s+){{0,3}}(?:{STREETS})\b(?!\s*(?:date|hearing|order))",
        r"\b(?:apt|apartment|unit|suite|room|rm)\.?\s*#?\s*\d+[a-z]?\b",
        r"\bp\.?\s?o\.?\s+box\b|\btrailer park\b|\bcalle\s+\w+",
        r"\b(?:her|his wife'?s|the victim'?s)\s+(?:new\s+)?"
        r"(?:address|house|home|place|apartment|work|workplace|job|school)\b",
    ),
    "ZIP": (r"\b\d{5}-\d{4}\b", r"\bzip(?: code)?\s*:?\s*\d{5}\b", r"(?-i:\b[A-Z]{2}\s+\d{5}\b)"),
    "PHONE": (
        r"(?<![\d/-])(?:\+?1[\s.-]?)?\(?\d{3}\)?[\s.-]\d{3}[\s.-]?\d{4}\b",
        r"(?<![\d-])\b\d{10}\b",
        r"(?<![\d-])\b\d{3}-\d{4}\b(?!-)",
    ),
    "EMAIL": (
        r"[\w.+-]+@[\w-]+\.\w{2,}",
        r"\b[\w.+-]+\s*(?:\(at\)|\[at\]| at )\s*(?:gmail|yahoo|hotmail|outlook|icloud)\b",
    ),
    "SOCIAL": (r"(?:^|\s)@[a-z0-9_.]{3,}", r"\b(?:facebook|instagram|snapchat|tiktok|whatsapp|messenger)\b"),
    "SHELTER": (
        r"\bshelter(?:s|ed)?\b(?! in place)|\bsafe\s?-?house\b|\bhot\s?line\b|\bcrisis (?:line|center)\b|\balbergue\b",
        r"\badvocates?\b|\badvocacy (?:center|program)\b|\bsafety plan(?:s|ning)?\b|\btransitional housing\b",
        r"\b(?:is|was|became|are) (?:a |their )?clients? (?:of|at|there)\b|\bsupport group\b",
        r"\bdv (?:program|agency) (?:client|for her)\b|\bdanger assessment\b|\blethality\b",
    ),
    "OTHER_PERSON": (
        rf"\b(?:{OTHERS})\b(?:'?s?\s+\w+)?\s+(?:\w+\s+)?(?:{SAYING})\b",
        rf"\b(?:his|her|the|current|former|new|to|with|by|from)\s+(?:{RELATIVE})\b",
        r"\bvictim\b|\bprotected (?:person|party)\b|\bex-?wife\b|\bbaby'?s? (?:mother|mom|mama)\b",
        r"\bpartner contact\b|\bpartner'?s\b|\b(?:su|la) (?:esposa|novia|v[ií]ctima|pareja)\b",
    ),
    "SHE_SAID": (
        rf"\bshe\s+(?:\w+\s+)?(?:{SAYING})\b",
        r"\b(?:told|called|texted|contacted|saw|met|followed|visited|asked)\s+her\b",
        r"\bshe (?:keeps|kept) \w+ing\b|\b(?:always|how to|can) reach (?:her|him|them)\b",
        r"\bher (?:new )?(?:number|phone|car|plate|boyfriend|address|shift|schedule|mother|sister|family)\b",
        r"\bella (?:dijo|dice|vive|llam[oó])\b",
    ),
    "IMMIGRATION": (
        r"\b[ut]-?\s?visa\b|\bvawa\b|\bself-?petition|\bimmigration\b|\bundocumented\b|\bgreen card\b|\bdeport\w*",
        r"\basylum\b|\bvisa status\b|\bcitizenship\b|\bi-?360\b|\buscis\b",
    ),
    "MEDICAL": (
        r"\bsane (?:exam|nurse|kit)\b|\brape kit\b|\bstrangulat\w+|\bforensic exam\b",
        r"\b(?:her|victim'?s?) (?:injur\w+|bruis\w+|hospital)\b|\bphotos? of (?:her|the injur\w+)\b",
    ),
    "CHILDREN": (
        r"\b(?:child(?:ren)?'?s?|kids?'?|son'?s?|daughter'?s?)\s+(?:school|daycare|day care|preschool|pediatrician)\b",
        r"\b(?:custody|visitation) exchange\b|\bpick(?:s|ed|ing)? up the (?:kids|children)\b|\bdrop[- ]?off at\b",
        r"\belementary\b",
    ),
}
# each kind in words, as a person reads it
KINDS: Mapping[str, str] = {
    "ADDRESS": "a street, building or home",
    "ZIP": "a ZIP code",
    "PHONE": "a phone number",
    "EMAIL": "an e-mail address",
    "SOCIAL": "a social media account",
    "SHELTER": "a shelter, advocate, hotline or safety plan",
    "OTHER_PERSON": "a victim, partner or relative",
    "SHE_SAID": "what somebody else said, did or has",
    "IMMIGRATION": "immigration",
    "MEDICAL": "injuries or an examination",
    "CHILDREN": "children, their school or an exchange",
    "REMOVED": "words that were removed before",
}
# stands where a stopped text stood; it is itself never taken for a clean note
REMOVED = "[removed: may tell of a protected person]"
COMPILED = {code: re.compile("|".join(parts), re.IGNORECASE) for code, parts in PATTERNS.items()}


def lint(text: str) -> tuple[str, ...]:
    """The kinds of information (keys of `PATTERNS`, or REMOVED) that the text seems to hold; empty for a clean one."""
    if not text:
        return ()
    if REMOVED in text:
        return ("REMOVED",)
    plain = text.replace("’", "'")
    return tuple(code for code, pattern in COMPILED.items() if pattern.search(plain))


def is_clean(text: str) -> bool:
    """Whether nothing was found."""
    return not lint(text)
