"""Settings: sensible without any, and clear about a wrong one."""

from pathlib import Path

import pytest

from settings import Settings, WrongSetting, child_environment, load


def test_with_nothing_set_everything_is_embedded() -> None:
    """The first command on a new machine needs no configuration."""
    found = load({})

    assert found.embedded
    assert (8000, False) == (found.port, found.port_given)
    assert Path(".madoguchi").absolute() == found.data_dir
    assert found.data_dir / "keys" / "master.key" == found.master_key_file
    assert not found.rehearsal


def test_an_empty_variable_means_it_is_not_set() -> None:
    """Compose files and CI pass variables on whether or not they have a value."""
    names = ["PORT", "DATA_DIR", "DATABASE_URL", "TEMPORAL_ADDRESS", "LOG_LEVEL", "REHEARSAL"]
    names += ["SMTP_URL", "MAIL_FROM", "MAIL_DIR", "SMS_DIR", "PUBLIC_URL"]

    assert load({}) == load(dict.fromkeys(names, ""))


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "８０００"),
        ("METRICS_PORT", "-1"),
        ("DATA_DIR", __file__),
        ("DATABASE_URL", "mysql://root:secret@db/x"),
        ("DATABASE_OWNER_URL", "secret"),
        ("TEMPORAL_ADDRESS", "temporal.example"),
        ("TEMPORAL_ADDRESS", "http://temporal.example:7233"),
        ("REHEARSAL", "perhaps"),
        ("NO_APT", "never"),
        ("LOG_LEVEL", "LOUD"),
        ("SMTP_URL", "mail.example"),
        ("SMTP_URL", "http://user:secret@mail.example"),
        ("SMTP_URL", "smtp://user:secret@mail.example:mail"),
        ("MAIL_FROM", "City <no-reply@city.example>"),
        ("MAIL_FROM", "a@city.example\r\nBcc: b@city.example"),
        ("PUBLIC_URL", "city.example"),
        ("PUBLIC_URL", "https://city.example/?a=b"),
    ],
)
def test_a_value_that_cannot_be_used_names_its_variable(variable: str, value: str) -> None:
    """And never repeats a password."""
    with pytest.raises(WrongSetting, match=f"^{variable} ") as caught:
        load({variable: value})

    assert variable == caught.value.variable
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_usual_spelling_of_a_database_address_works(scheme: str) -> None:
    """Providers hand out all three; only one names the driver that is installed."""
    found = load({"DATABASE_URL": f"{scheme}://app:pw@db.example/madoguchi"})

    assert "postgresql+psycopg://app:pw@db.example/madoguchi" == found.database_url
    assert not found.embedded


def test_a_port_that_a_person_chose_is_remembered_as_chosen() -> None:
    """Also when it is the one we would have taken."""
    assert Settings(port=8000, port_given=True, data_dir=load({}).data_dir).port_given
    assert load({"PORT": "8000"}).port_given


def test_a_child_does_not_see_what_is_kept_from_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The owner's password opens what row-level security closes."""
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgresql://owner:secret@db/x")
    monkeypatch.setenv("PORT", "1")

    found = child_environment({"PORT": "2"}, without=("DATABASE_OWNER_URL",))

    assert "DATABASE_OWNER_URL" not in found
    assert "2" == found["PORT"]


def test_mails_to_somebody_elses_server_need_an_address_to_come_from() -> None:
    """Ours takes any; a real one would be refused by every mailbox."""
    with pytest.raises(WrongSetting, match=r"^MAIL_FROM "):
        load({"SMTP_URL": "smtps://user:pw@mail.example"})

    given = {"SMTP_URL": "smtps://user:pw@mail.example", "MAIL_FROM": "no-reply@city.example"}
    assert "no-reply@city.example" == load(given).mail_from
    assert load({"SMTP_URL": "smtp://127.0.0.1:2525"}).mail_from.endswith(".invalid")
