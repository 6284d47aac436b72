"""Which font draws a character, and whether a text fits its box."""

from io import BytesIO

import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from activities import fonts
from activities.font_files import can_cut, cut_font
from activities.fonts import Box, Face
from domain.errors import MissingGlyph, TooLongForForm

KATSU_NOTO = "葛\U000e0100"
KATSU_IPAMJ = "葛\U000e0102"
PRIVATE = "\ue000"


class TestFaceOf:
    @pytest.mark.parametrize(
        "cluster", ["髙", "﨑", "\U00020bb7", "神\ufe00", KATSU_NOTO, "é", "한"]
    )
    def test_noto_draws_what_it_has(self, cluster: str) -> None:
        """
        Most names need one font only; a second style inside a name is for what is missing.
        """
        assert Face.TEXT is fonts.face_of(cluster)

    @pytest.mark.parametrize(
        "cluster", [KATSU_IPAMJ, "邉\U000e010f", "\U0001b023", "\U00020000"]
    )
    def test_ipamj_draws_what_noto_lacks(self, cluster: str) -> None:
        """
        Register characters and variants beyond Noto are printed in their own shape.
        """
        assert Face.RARE is fonts.face_of(cluster)

    @pytest.mark.parametrize(
        "cluster", [PRIVATE, "葛\U000e01ef", "ก", "\u202e", "\n", "\U000e0100"]
    )
    def test_what_no_font_draws_has_no_face(self, cluster: str) -> None:
        """
        Private characters mean what one city decided; a marker of direction has no ink.
        """
        assert fonts.face_of(cluster) is None

    def test_private_characters_are_refused_even_where_a_font_has_them(self) -> None:
        """
        The control for the case above: IPAmj does draw some, and not the city's.
        """
        drawn = [
            code for code in fonts.coverage(Face.RARE).characters if 0xE000 <= code < 0xF900
        ]

        assert drawn
        assert [None] * len(drawn) == [fonts.face_of(chr(code)) for code in drawn]


class TestRuns:
    def test_a_name_is_cut_where_the_font_changes(self) -> None:
        """
        The variant alone changes font; its base and selector are never parted.
        """
        cut = list(fonts.runs(f"山{KATSU_IPAMJ}城{PRIVATE}"))

        assert [
            (Face.TEXT, "山"), (Face.RARE, KATSU_IPAMJ), (Face.TEXT, "城"), (None, PRIVATE)
        ] == cut  # fmt: skip

    def test_every_character_comes_back(self) -> None:
        """
        Cutting must not lose a character of anyone's name.
        """
        name = f"\ufe00髙{KATSU_NOTO}{KATSU_IPAMJ}﨑か\u3099\U00020bb7 O'Neil"

        assert name == "".join(stretch for _, stretch in fonts.runs(name))


class TestRequireGlyphs:
    def test_all_that_is_missing_is_named_by_code_point(self) -> None:
        """
        The clerk looks codes up at the city; the message must not spread the name.
        """
        with pytest.raises(MissingGlyph) as refusal:
            fonts.require_glyphs([f"見本{PRIVATE}太郎", "葛\U000e01ef城"])

        assert "U+845B U+E01EF、U+E000" == str(refusal.value)

    def test_nothing_missing_is_no_refusal(self) -> None:
        """
        The control: printable names pass.
        """
        fonts.require_glyphs([KATSU_IPAMJ, "髙﨑", ""])

        assert set() == fonts.missing_glyphs(f"{KATSU_NOTO}髙")


class TestFit:
    BOX = Box(width_mm=84, lines=1, sizes_pt=(15, 12, 10))
    SMALL = Box(width_mm=84, lines=3, sizes_pt=(9, 6))

    def test_a_short_name_gets_the_largest_size(self) -> None:
        """
        Size is given up only when the name needs it.
        """
        assert 15 == fonts.fit("見本 太郎　様", self.BOX, self.SMALL)

    def test_a_long_name_shrinks_then_wraps(self) -> None:
        """
        First smaller on one line, then more lines: a name is best read whole.
        """
        assert 12 == fonts.fit("あ" * 17, self.BOX, self.SMALL)
        assert 9 == fonts.fit("あ" * 60, self.BOX, self.SMALL)

    def test_what_fits_nowhere_is_refused(self) -> None:
        """
        Letters below the smallest size would be printed and not read.
        """
        with pytest.raises(TooLongForForm):
            fonts.fit("あ" * 200, self.BOX, self.SMALL)

    def test_words_stay_whole_while_a_line_can_hold_them(self) -> None:
        """
        Roman names break between words, so two long words need two lines.
        """
        assert 2 == fonts.lines_needed("MARIA FERNANDA", 9)
        assert 4 <= fonts.lines_needed("A" * 40, 9)


class TestCutFont:
    def test_a_cut_font_keeps_the_variants_and_drops_the_rest(self) -> None:
        """
        A variant lost here would print another person's way of writing the name.
        """
        assert can_cut()
        small = cut_font(fonts.installed_fonts()[Face.RARE], KATSU_IPAMJ)
        with TTFont(BytesIO(small)) as font:
            selectors = next(t.uvsDict for t in font["cmap"].tables if t.format == 14)

            assert {0x845B} == set(font.getBestCmap())
            assert [0x845B] == [base for base, _ in selectors[0xE0102]]
