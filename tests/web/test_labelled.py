"""On a phone a cell says the head of its column; what is printed in a table stays as it was printed."""

from __future__ import annotations

import pytest

from web.pages import ENVIRONMENT
from web.wording import labelled

TABLE = (
    '{% from "parts/table.html" import table %}'
    '{% call table("Acts", ["When", "Who & what"], stacked=true) %}'
    '<tr><th scope="row">9 AM</th><td>{{ said }}</td></tr>{% endcall %}'
)


@pytest.mark.parametrize(("row", "told"), [
    ("<tr><td>1</td><td>2</td></tr>", '<tr><td data-label="When">1</td><td data-label="Who">2</td></tr>'),
    ('<tr><td data-label="Day">1</td><td>2</td></tr>',
     '<tr><td data-label="Day">1</td><td data-label="Who">2</td></tr>'),
    ('<tr><td colspan="2">none</td></tr>', '<tr><td colspan="2">none</td></tr>'),
    ('<tr><td class="num">1</td><td>2</td><td>3</td></tr>',
     '<tr><td class="num" data-label="When">1</td><td data-label="Who">2</td><td>3</td></tr>'),
    ("<tr><td>1</td></tr><tr><td>2</td></tr>",
     '<tr><td data-label="When">1</td></tr><tr><td data-label="When">2</td></tr>'),
])  # fmt: skip
def test_each_cell_bears_the_head_of_its_column_unless_it_has_one(row, told):
    assert str(labelled(row, ["When", "Who"])) == told


def test_what_is_printed_in_a_cell_is_escaped_once_and_a_head_too():
    text = ENVIRONMENT.from_string(TABLE).render(said='<td>"Ann" & <tr>')
    assert '<td data-label="Who &amp; what">&lt;td&gt;&#34;Ann&#34; &amp; &lt;tr&gt;</td>' in text
