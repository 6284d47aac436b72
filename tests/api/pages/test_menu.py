"""The menu: groups of what opens, nothing that the contract does not have."""

from api.pages.menu import Place, menu_of
from contracts.loader import load
from domain.parties import Role


def places(role: Role, slug: str, path: str = "/") -> dict[str, Place]:
    menu = menu_of(role, load(slug).contract, path, is_demo=False)
    return {place.path: place for group in menu for place in group.places}


def test_what_the_contract_does_not_have_is_not_offered() -> None:
    """
    A page that can only say no is not worth a word in the menu.
    """
    assert "/lots/new" in places(Role.CLERK, "ota")
    assert "/lots/new" not in places(Role.CLERK, "chiba")
    assert "/defects" in places(Role.OPERATOR, "ageo")
    assert "/defects" not in places(Role.CLERK, "ota")


def test_no_group_is_empty_and_none_stands_twice() -> None:
    """
    An empty group opens onto nothing.
    """
    for role in Role:
        menu = menu_of(role, load("yokosuka").contract, "/", is_demo=True)
        paths = [place.path for group in menu for place in group.places]

        assert all(group.places for group in menu)
        assert len(paths) == len(set(paths))


def test_a_page_below_an_entry_marks_the_nearest_one_alone() -> None:
    """
    Who reads one reservation is still at the reservations; the list is a place of its own.
    """
    of_one = places(Role.SITE_MANAGER, "chiba", "/reservations/r-1")
    of_list = places(Role.SITE_MANAGER, "chiba", "/reservations/list")

    assert {"/reservations": "true"} == {
        p: each.current for p, each in of_one.items() if each.current
    }
    assert {"/reservations/list": "page"} == {
        p: each.current for p, each in of_list.items() if each.current
    }
