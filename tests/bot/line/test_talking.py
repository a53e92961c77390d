"""Operators hold whole conversations in LINE, through webhooks and the API alone."""

import csv
import io

import pytest

from store import segments
from tests.bot.line.people import House, Person

pytestmark = pytest.mark.anyio


async def confirm(ann: Person, name: str) -> None:
    """Apply the plan that is shown, name it, and wait for the news."""
    await ann.taps("Apply segment")
    assert "What should the segment be called?" in ann.words()
    await ann.says(name)
    while "is ready" not in ann.words():
        await ann.sees()


async def test_high_spending_loyal_customers_for_a_vip_night(house: House) -> None:
    ann = await house.operator("Uann")
    await ann.says("I want to find high-spending, loyal customers for a VIP night event")
    assert "What threshold for total spending?" in ann.words()
    assert ann.button("Over 20,000")["displayText"] == "Over 20,000"
    await ann.taps("Over 20,000")
    assert "What threshold for the number of orders?" in ann.words()
    await ann.says("at least 3")
    assert "exclude customers with returns in the past 3 months" in ann.words()
    await ann.taps("Yes")
    assert "✓ Total spending > 20,000" in ann.words()
    assert "✓ Order count ≥ 3" in ann.words()
    await confirm(ann, "VIP night")
    assert house.line.ways["Uann"] == ["reply"] * 6 + ["push"]
    (made,) = await segments.list_segments(house.app.db)
    assert (made.name, made.status, made.asked_by) == ("VIP night", "finished", "line:Uann")


async def test_several_choices_are_ticked(house: House) -> None:
    ann = await house.operator("Uann")
    await ann.says("Find customers interested in cat products")
    assert ann.words().count("☐") == 4
    await ann.taps("Done")
    assert "Nothing is ticked yet" in ann.words()
    await ann.says("Find customers interested in cat products")
    first = list(ann.shown)
    await ann.taps("Cat Parents")
    assert "☑ Cat Parents" in ann.words()
    ann.shown = first  # the earlier card still counts, and says only what it says
    await ann.taps("貓奴")
    assert ann.words().count("☑") == 2
    await ann.taps("☑ 貓奴")
    assert ann.words().count("☑") == 1
    await ann.taps("Done")
    assert "add cart abandonment" in ann.words()
    ann.shown = first
    await ann.taps("猫好き")
    assert "belongs to an earlier step" in ann.words()
    await ann.says("yes, add it")
    assert "✓ Tag: 'Cat Parents'\n" in ann.words()
    assert "✓ Left items in the cart" in ann.words()
    await confirm(ann, "Cats")


async def test_all_of_several_choices(house: House) -> None:
    ann = await house.operator("Uann")
    await ann.says("Find customers interested in cat products")
    await ann.taps("Include all")
    await ann.taps("No, thanks")
    assert "✓ Tag: 'Cat Parents', '貓奴', '猫好き' or 'ทาสแมว'" in ann.words()


async def test_churned_high_value_customers(house: House) -> None:
    ann = await house.operator("Uann")
    await ann.says("Find churned high-value customers")
    assert "counts as 'churned'" in ann.words()
    quick = ann.shown[-1]["quickReply"]["items"]
    assert [each["action"]["label"] for each in quick] == [
        "90 days", "6 months", "1 year", "Skip this",
    ]  # fmt: skip
    await ann.says("No purchases for over 6 months")
    assert "threshold for total spending" in ann.words()
    await ann.says("Past spending over 1,000")
    assert "✓ Last purchase: 6 months ago or earlier" in ann.words()
    await confirm(ann, "Come back")


async def test_what_the_data_cannot_tell(house: House) -> None:
    ann = await house.operator("Uann")
    asked = "I want to find customers who frequently shop on Instagram and browse via web"
    await ann.says(asked)
    assert "Sorry, I can't filter on" in ann.words()
    await ann.taps("Left items in the cart")
    assert "✓ Left items in the cart" in ann.words()


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("半年沒回購的高消費客人", "高消費"),
        ("直近3ヶ月に購入していない東京の女性", "性別"),
        ("คนที่ไม่มีปฏิสัมพันธ์ใน 90 วันที่ผ่านมา", "ปฏิสัมพันธ์"),
    ],
)
async def test_in_other_languages(house: House, asked: str, words: str) -> None:
    ann = await house.operator("Uann")
    await ann.says(asked)
    assert words in ann.words()


async def test_a_condition_is_edited_in_its_own_words_by_dates_and_removed(house: House) -> None:
    ann = await house.operator("Uann")
    await ann.says("women with total spending over 1,000 in the last 6 months")
    old = list(ann.shown)
    await ann.taps("Edit")
    words = await ann.opens("Change", 1)
    assert words == "Total spending > 1,000 in the last 6 months"
    await ann.says(words.replace("1,000", "2,000").replace("6", "3"))
    assert "✓ Total spending > 2,000 in the last 3 months" in ann.words()
    await ann.taps("Edit")
    await ann.taps("From", date="2026-01-15")
    assert "✓ Total spending > 2,000 since 15 Jan 2026" in ann.words()
    await ann.taps("Edit")
    await ann.taps("Until", date="2026-05-31")
    assert "from 15 Jan 2026 to 31 May 2026" in ann.words()
    await ann.taps("Edit")
    await ann.taps("Remove")
    assert "Gender" not in ann.words()
    ann.shown = old
    await ann.taps("Apply segment")
    assert "belongs to an earlier step" in ann.words()


async def test_words_that_fit_no_condition_change_nothing(house: House) -> None:
    ann = await house.operator("Uann")
    await ann.says("customers aged 20 to 30 with more than 2 orders")
    await ann.taps("Edit")
    words = await ann.opens("Change", 0)
    await ann.says(words.replace("30", "3"))
    assert "nothing has changed" in ann.words()
    assert "✓ Age 20–30" in ann.words()
    await ann.taps("Edit")
    await ann.opens("Change", 0)
    await ann.taps("Remove")  # the keyboard was closed again
    await ann.says("more than 5 orders")
    assert "✓ Order count > 5" in ann.words()


async def test_segments_are_listed_exported_renamed_and_left_out(house: House) -> None:
    ann = await house.operator("Uann")
    for name, asked in (("One", "women"), ("Two", "men"), ("Three", "customers in Taipei")):
        await ann.says(f"start over, {asked}")
        await confirm(ann, name)
    await ann.says("my segments")
    assert len(ann.shown[0]["contents"]["contents"]) == 3
    await ann.taps("Open")
    assert "Three" in ann.words()
    await ann.taps("Rename")
    await ann.says("Capital")
    await ann.says("export Capital")
    address = str(ann.button("Download CSV")["uri"])
    assert address.startswith("https://divisi.example/download/")
    found = await house.web.get(address.removeprefix("https://divisi.example"))
    assert found.status_code == 200
    assert found.headers["cache-control"] == "no-store"
    assert found.headers["content-disposition"].startswith("attachment")
    rows = list(csv.reader(io.StringIO(found.text)))
    assert rows[0] == ["contact_id"]
    made = next(s for s in await segments.list_segments(house.app.db) if s.name == "Capital")
    assert len(rows) - 1 == made.count
    await ann.says("start over, customers with more than 2 orders")
    await ann.taps("Exclude segments")
    await ann.taps("☐ One")
    await ann.taps("☐ Two")
    await ann.taps("Done")
    assert "excluding the members of 'Two' and 'One'" in ann.words()
    assert "left out with the excluded segments" in ann.words()


async def test_suggested_prompts_are_quick_replies(house: House) -> None:
    ann = await house.operator("Uann", "viewer")
    await ann.does(house.event("Uann", type="follow", follow={"isUnblocked": False}))
    (welcome,) = ann.shown
    assert "what kind of segment" in welcome["text"]
    assert len(welcome["quickReply"]["items"]) == 4
    await ann.taps("Inactive 90 days")
    assert "✓ No interaction in the last 90 days" in ann.words()
    await ann.taps("Apply segment")
    assert "not create or change" in ann.words()
