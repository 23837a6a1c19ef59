"""The routes of a program's sheets: upload, check, answer, save, undo, and what was answered about kinds of sheets."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.access.desk_policy import ITS_SHEETS
from monitor.access.fields import Field
from monitor.access.policy_entry import Policy, allow
from monitor.access.roles import Role

UPLOAD = "/attendance/uploads/{upload_id}"
ANSWERS = {
    "values.*": Field.CHOICE, "people.*": Field.CHOICE, "columns.*": Field.CHOICE, "unsigned.*": Field.CHOICE,
    "day_first": Field.CHOICE, "week_one": Field.DAY, "use.*": Field.CHOICE, "reason.*": Field.SCREENED,
    "remarks.*": Field.CHOICE, "everyone": Field.CHOICE, "once": Field.CHOICE,
}  # fmt: skip
KIND = "/attendance/uploads/kinds/{kind_id}"
ITS_ANSWERS = {
    "values.*": Field.CHOICE, "people.*": Field.CHOICE, "columns": Field.CHOICE, "day_first": Field.CHOICE,
    "week_one": Field.DAY,
}  # fmt: skip
A_SHEET = {"file": Field.FILE, "program": Field.NUMBER, "group": Field.NUMBER, "kind": Field.CHOICE}


def _of_program(act: str, takes: Mapping[str, Field] | None = None, big_body: bool = False) -> Policy:
    return allow(
        f"upload:{act}", Role.PROGRAM, event=f"upload.{act}", takes=takes, shows=ITS_SHEETS, big_body=big_body
    )


UPLOADS: dict[tuple[str, str], Policy] = {
    ("GET", "/attendance/uploads"): _of_program("list"),
    ("POST", "/attendance/uploads"): _of_program("create", A_SHEET, big_body=True),
    # made-up people only: shows no class of anything
    ("GET", "/attendance/practice"): allow("upload:practice", Role.PROGRAM, event="upload.practiced"),
    ("GET", "/attendance/practice/sheet"): allow("upload:practice_sheet", Role.PROGRAM, event="upload.practice_sheet"),
    ("POST", "/attendance/practice"): allow(
        "upload:practice_check", Role.PROGRAM, event="upload.practice_checked", takes={"file": Field.FILE},
        big_body=True,
    ),
    ("GET", UPLOAD): _of_program("read", {"show": Field.CHOICE, "number": Field.NUMBER}),
    ("POST", f"{UPLOAD}/answers"): _of_program("answer", ANSWERS),
    ("POST", f"{UPLOAD}/save"): _of_program("save", ANSWERS),
    ("POST", f"{UPLOAD}/undo"): _of_program("undo", {"reason": Field.SCREENED}),
    ("POST", f"{UPLOAD}/discard"): _of_program("delete"),
    ("GET", f"{UPLOAD}/problems"): _of_program("export"),
    ("GET", f"{UPLOAD}/effects"): _of_program("effects"),
    # names nobody, so that asking again and again fills no trail; and asking is no being at work
    ("GET", f"{UPLOAD}/progress"): allow("upload:progress", Role.PROGRAM, shows=ITS_SHEETS, no_slide=True),
    ("POST", f"{UPLOAD}/go-on"): _of_program("go_on"),
    ("GET", "/attendance/uploads/kinds"): _of_program("kinds"),
    ("GET", "/attendance/uploads/template"): _of_program("template", {"group": Field.NUMBER, "of": Field.CHOICE}),
    ("POST", KIND): _of_program("settle", ITS_ANSWERS),
    ("POST", f"{KIND}/forget"): _of_program("forget"),
}
