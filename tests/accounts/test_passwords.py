import pytest

from app.accounts import password_rules, passwords
from app.accounts.password_rules import Unsafe, check, common_passwords

REFUSED = {
    "short": "too few",
    "elevenchars": "At least|at least",
    "password1234": "tried first",
    "P@ssw0rd1234": "tried first",
    "Password1234!!": "tried first",
    "correcthorsebatterystaple": "tried first",
    "aaaaaaaaaaaaaaaa": "repeats",
    "abababababababab": "repeats",
    "gate7gate7gate7": "repeats",
    "qwertyuiop[]": "neighbouring",
    "0987654321qwerty": "neighbouring",
    "abcdefghijklmnop": "neighbouring",
    "asdfghjkl;zxcvbnm": "neighbouring",
    "efua.mensah.1987": "little more than your name",
    "MensahEfua2027!": "little more than your name",
    "efua@example.org": "little more than your name",
    "meridian2027efua": "little more than your name",
    "x" * 201: "at most 200",
}


@pytest.mark.parametrize("password", REFUSED)
def test_what_is_easy_to_guess_is_refused(password):
    sentence = "at least" if len(password) < 12 else REFUSED[password]
    with pytest.raises(Unsafe, match=sentence) as refused:
        check(password, email="efua.mensah@example.org", name="Efua Mensah")
    assert refused.value.field == "password"


@pytest.mark.parametrize(
    "password",
    [
        "three brown goats dance",
        "Tr0ub4dor&3x!",
        "kõik on hästi täna",
        "শুভ সকাল সবাইকে",
        "早上好朋友们今天天气真不错啊",
        "a very long sentence " * 9,
        "🦒🦓🦛🦏🐘🦍🦧🐒🦡🦦🦥🐿",
    ],
)
def test_what_is_long_and_ones_own_is_taken(password):
    check(password, email="efua.mensah@example.org", name="Efua Mensah")


def test_short_names_do_not_make_passwords_unsafe():
    check("a lovely garden", email="a@b.cd", name="Lo")


def test_the_list_holds_what_it_says():
    listed = common_passwords()
    assert len(listed) >= 300
    assert {word for word in listed if len(word) < password_rules.LEAST} == set()


def test_a_password_is_the_same_however_the_keyboard_composes_it():
    hashed = passwords.hash_password("caf\u00e9 au lait noir")
    assert passwords.agrees(hashed, "cafe\u0301 au lait noir")
    assert not passwords.agrees(hashed, "cafe au lait noir")


def test_nobodys_password_is_no_password():
    assert not passwords.agrees(None, "three brown goats dance")
    assert not passwords.agrees("not a hash", "three brown goats dance")


def test_hashes_are_argon2id_of_19_mib():
    assert passwords.hash_password("three brown goats dance").startswith("$argon2id$v=19$m=19456,t=")


def test_a_hash_made_at_another_cost_is_outdated():
    before = passwords._Keeper.hasher
    try:
        passwords.use_cost(1)
        cheap = passwords.hash_password("three brown goats dance")
        assert not passwords.is_outdated(cheap)
        passwords.use_cost(2)
        assert passwords.is_outdated(cheap)
        assert passwords.agrees(cheap, "three brown goats dance")
    finally:
        passwords._Keeper.hasher = before
