"""Who speaks: short names, roles, pronouns, organisations."""

from functools import partial

import pytest

from claimtrack import extraction
from claimtrack.extraction import Engine
from claimtrack.extraction.attribution import SpeakerKind

read_statements = partial(extraction.read_statements, engine=Engine.RULES)


def speakers(text: str, title: str = "") -> list[str]:
    return [one.speaker.name for one in read_statements(text, title=title)]


MEETING = "Finance Minister Jonas Feld met Mayor Anna Weber. "

RESOLVED = [
    ("Feld said the deficit fell.", "Jonas Feld"),
    ("Mr. Feld said the deficit fell.", "Jonas Feld"),
    ("The minister said the deficit fell.", "Jonas Feld"),
    ("The mayor said the deficit fell.", "Anna Weber"),
    ("She said the deficit fell.", "Anna Weber"),
    ("He said the deficit fell.", "Jonas Feld"),
    ("A spokeswoman, Ida Lund, said the deficit fell.", "Ida Lund"),
    ("The head of the union, Ida Lund, said the deficit fell.", "Ida Lund"),
    ("Ida Lund, 41, a driver from Bonn, said the deficit fell.", "Ida Lund"),
    ("Feld and Weber said the deficit fell.", "Jonas Feld and Anna Weber"),
    ("Tokyo said the deficit fell.", "Japan"),
    ("The finance ministry said the deficit fell.", "The finance ministry"),
    ("Officials said the deficit fell.", "Officials"),
    ("A senior official said the deficit fell.", "A senior official"),
    ("Feld's lawyer said the deficit fell.", "Feld's lawyer"),
    ("Feld's promise to lower rents was kept, and Feld repeated it.", "Jonas Feld"),
]


LISTS = [
    ("Britain, France and Germany condemned the test.", "Britain, France and Germany"),
    ("Anna Weber, Jonas Feld and Ida Lund said it rained.", "Anna Weber, Jonas Feld and Ida Lund"),
    ("Weber, Feld, and Lund said it rained.", "Weber, Feld and Lund"),
    ("Unions, teachers and farmers called for a strike.", "Unions, teachers and farmers"),
    (
        "Bank chief Anna Weber, Jonas Feld and NATO chief Jan Stoll said it rained.",
        "Anna Weber, Jonas Feld and Jan Stoll",
    ),
    ("On Monday, Feld and Lund said it rained.", "Feld and Lund"),
    ("In Paris, Feld and Lund said it rained.", "Feld and Lund"),
]


@pytest.mark.parametrize(("text", "speaker"), LISTS)
def test_all_of_a_list_speak(text, speaker):
    [one] = read_statements(text)

    assert (one.speaker.name, one.speaker.kind) == (speaker, SpeakerKind.GROUP)


NO_NAMES = [
    ("Hello, the mayor said to the crowd.", "the mayor"),
    ("Lund no longer believes that it rains.", "Lund"),
    ("No, the mayor said, it rains.", "the mayor"),
]


@pytest.mark.parametrize(("text", "speaker"), NO_NAMES)
def test_words_that_are_no_names_do_not_speak(text, speaker):
    assert speakers(text) == [speaker]


BODIES_AGAIN = [
    ("The World Health Agency said it rained. The agency said it snowed.", "World Health Agency"),
    ("Shares of Novatek fell. The company said it rained.", "Novatek"),
    ("The fire service said it rained. No one was hurt, it said.", "The fire service"),
]


@pytest.mark.parametrize(("text", "speaker"), BODIES_AGAIN)
def test_a_body_is_known_again_where_only_one_is_meant(text, speaker):
    assert speakers(text)[-1] == speaker


COMPANIES = [
    "Shares of Novatek fell. Novatek said it rained.",
    "Novatek, the chipmaker, said it rained.",
    "Novatek said on Friday it had sold a mine.",
    "The drugmaker Novatek said it rained.",
]


@pytest.mark.parametrize("text", COMPANIES)
def test_a_company_is_known_by_what_is_said_of_it(text):
    [one] = read_statements(text)

    assert (one.speaker.name, one.speaker.kind) == ("Novatek", SpeakerKind.ORGANISATION)


@pytest.mark.parametrize(("text", "speaker"), RESOLVED)
def test_a_source_is_led_back_to_its_speaker(text, speaker):
    assert speakers(MEETING + text) == [speaker]


def test_a_promise_belongs_to_whom_its_possessive_names():
    assert speakers(MEETING + "Workers praised Feld's promise to lower rents.") == ["Workers", "Jonas Feld"]


def test_he_means_the_last_man_who_spoke():
    text = "Jonas Feld said the deficit fell, as Peter Lund listened. However, he said more had to be done."

    assert speakers(text) == ["Jonas Feld", "Jonas Feld"]


def test_they_means_the_last_group():
    assert speakers("Voters said rents were high. They said wages were low.") == ["Voters", "Voters"]


def test_the_one_who_implores_is_the_one_before_who():
    text = "Governor Ida Lund spoke. They got advice from the governor, who warned them: “Do not shout at us.”"

    assert speakers(text) == ["Ida Lund"]


def test_a_leader_is_known_by_country():
    text = (
        "French President Luc Morel met Polish leader Jan Nowak. The Polish leader said the border was open. "
        "The French leader said it was not open yet."
    )

    assert speakers(text) == ["Jan Nowak", "Luc Morel"]


def test_the_name_comes_without_title_and_with_role_and_aliases():
    [one] = read_statements("Finance Minister Jonas Feld resigned. Feld said the deficit fell.")

    assert one.speaker.name == "Jonas Feld"
    assert one.speaker.role == "Finance Minister"
    assert one.speaker.aliases == ("Feld",)


def test_two_spellings_of_one_name_are_one_speaker():
    text = "Park Ji-woo said it rained. Park Ji Woo said it snowed hard."

    assert len(set(speakers(text))) == 1


def test_the_title_of_an_article_gives_the_full_name():
    assert speakers("Feld said the deficit fell.", title="Jonas Feld defends the budget") == ["Jonas Feld"]


OFFICES = [
    ("Secretary of State Anna Weber said it rained.", "Anna Weber", "Secretary of State"),
    ("Minister of Foreign Affairs Anna Weber said it rained.", "Anna Weber", "Minister of Foreign Affairs"),
    ("Chancellor of the Exchequer Anna Weber said it rained.", "Anna Weber", "Chancellor of the Exchequer"),
    (
        "Chairman of the Joint Chiefs of Staff Jonas Feld said it rained.",
        "Jonas Feld",
        "Chairman of the Joint Chiefs of Staff",
    ),
    ("Head of State Jan Nowak said it rained.", "Jan Nowak", "Head of State"),
    ("President of South Korea Park Ji-woo said it rained.", "Park Ji-woo", "President of South Korea"),
    ("Transport Minister Anna Weber said it rained.", "Anna Weber", "Transport Minister"),
    ("The prime minister, Gen. Jonas Feld, said it rained.", "Jonas Feld", "prime minister"),
    ("Jonas Feld, the US secretary of state, said it rained.", "Jonas Feld", "US secretary of state"),
    ("Jonas Feld, mayor of Bonn since 2012, said it rained.", "Jonas Feld", "mayor of Bonn"),
    ("Jonas Feld, a driver, said it rained.", "Jonas Feld", ""),
    ("A spokesman for Mary Ann Lund said it rained.", "A spokesman for Mary Ann Lund", ""),
]


@pytest.mark.parametrize(("text", "name", "role"), OFFICES)
def test_an_office_of_several_words_is_the_role_and_no_part_of_the_name(text, name, role):
    [one] = read_statements(text)

    assert (one.speaker.name, one.speaker.role) == (name, role)


BODIES = [
    ("South Korea's Joint Chiefs of Staff said it rained.", "South Korea's Joint Chiefs of Staff"),
    ("The Joint Chiefs of Staff said it rained.", "Joint Chiefs of Staff"),
    ("Peru's Foreign Ministry said it rained.", "Peru's Foreign Ministry"),
    ("Peru's Gasco said it rained.", "Gasco"),
]


@pytest.mark.parametrize(("text", "speaker"), BODIES)
def test_a_body_that_many_countries_have_is_named_with_its_country(text, speaker):
    [one] = read_statements(text)

    assert (one.speaker.name, one.speaker.kind) == (
        speaker,
        SpeakerKind.PERSON if speaker == "Gasco" else SpeakerKind.ORGANISATION,
    )


def test_bodies_of_two_countries_are_two_speakers():
    text = (
        "Peru's Foreign Ministry said it rained. Chile's Foreign Ministry said it snowed. "
        "The Foreign Ministry said more would come."
    )

    assert speakers(text)[:2] == ["Peru's Foreign Ministry", "Chile's Foreign Ministry"]


BY_COUNTRY = [
    "Luc Morel met Park Ji-woo. Park, South Korea's leader, smiled. The South Korean leader said it rained.",
    "Luc Morel met South Korea's Park Ji-woo. The South Korean leader said it rained.",
    "Luc Morel met Park Ji-woo, who became president of South Korea in May. The South Korean president said it rained.",
]


@pytest.mark.parametrize("text", BY_COUNTRY)
def test_a_leader_is_known_by_what_stands_beside_the_name(text):
    assert speakers(text) == ["Park Ji-woo"]


def test_a_description_is_worded_as_where_it_first_stood():
    assert speakers("The driver said it rained. On Monday the driver said it snowed.") == ["The driver", "The driver"]


def test_a_day_is_no_speaker():
    assert speakers("On Monday she spoke. He said it rained.") == ["He"]


KINDS = [
    ("Jonas Feld said it rained.", SpeakerKind.PERSON),
    ("The White House said it rained.", SpeakerKind.ORGANISATION),
    ("Novatek said its profit rose.", SpeakerKind.ORGANISATION),
    ("Jonas Feld and Ida Lund said it rained.", SpeakerKind.GROUP),
    ("Protesters said it rained.", SpeakerKind.GROUP),
    ("A senior diplomat said it rained.", SpeakerKind.UNNAMED),
]


@pytest.mark.parametrize(("text", "kind"), KINDS)
def test_persons_organisations_groups_and_the_unnamed_are_told_apart(text, kind):
    [one] = read_statements(text)

    assert one.speaker.kind == kind


TITLES = [
    ("Campaigner Ida Lund said it rained.", "Ida Lund"),
    ("Mayors Ida Lund and Joe Bell, whose towns flooded, said it rained.", "Ida Lund and Joe Bell"),
    ("Governor Paul Reyes met voters. Reyes said it rained.", "Paul Reyes"),
    ("Her rival, the former mayor Joe Bell, said it rained.", "Joe Bell"),
]


@pytest.mark.parametrize(("text", "speaker"), TITLES)
def test_a_title_is_no_part_of_the_name(text, speaker):
    assert speakers(text) == [speaker]


BY_DESCRIPTION = [
    ("The captain, Joe Bell, slept. The captain said it rained.", "Joe Bell"),
    ("Peru's water minister, Joe Bell, spoke. The minister said it rained.", "Joe Bell"),
    ("Her daughter Ida Lund wept. Her daughter said it rained.", "Ida Lund"),
    ("Chief Justice Ida Lund spoke. The judge said it rained.", "Ida Lund"),
    ("Chief executive Ida Lund spoke. The CEO said it rained.", "Ida Lund"),
    ("Gov. Joe Bell spoke. The governor said it rained.", "Joe Bell"),
    ("A spokesman for Acme spoke up, an aide said. The aide said it rained.", "an aide"),
    ("Bluewater Semiconductors cut jobs. The company said it rained.", "Bluewater Semiconductors"),
    ("Corvane cut 40 jobs. The company said it rained.", "Corvane"),
    ("Corvane, which makes pumps, cut 40 jobs. The firm said it rained.", "Corvane"),
    ("The state operator, Corvane, cut jobs. The company said it rained.", "Corvane"),
    ("The World Health Organization met. The agency said it rained.", "World Health Organization"),
    ("The Polar Institute met. The same institute said it rained.", "Polar Institute"),
    ("The Ministry of Health met. The ministry said it rained.", "Ministry of Health"),
    ("The African Union met. The AU said it rained.", "African Union"),
    ("The teachers' union said it rained.", "The teachers' union"),
    ("Athens said it rained.", "Greece"),
]


@pytest.mark.parametrize(("text", "speaker"), BY_DESCRIPTION)
def test_a_description_means_whom_the_article_describes_so(text, speaker):
    assert speakers(text)[-1] == speaker


PRONOUNS = [
    ("A council spokeswoman said it rained. She did not say why it rained.", "A council spokeswoman"),
    ("Ida Lund spoke. A Peruvian official said it rained. He said it snowed.", "A Peruvian official"),
    ("Ida Lund said it rained.\n\nEwa Nowak was born in Ulm. “It snowed,” she recalled.", "Ewa Nowak"),
    ("Okoro spoke of her youth. She said it rained. Kim listened. He said it snowed.", "Kim"),
    ("Ann Kell met Okoro. He said it rained.", "Okoro"),
    ("Lucía Prado said it rained. Henrik Dahl left. She said it snowed.", "Lucía Prado"),
    ("Police in Ulm arrested two men. They said it rained.", "Police"),
    ("Mothers queuing in Ulm said it rained. They said it snowed.", "Mothers queuing in Ulm"),
]


@pytest.mark.parametrize(("text", "speaker"), PRONOUNS)
def test_a_pronoun_means_the_nearest_who_fits(text, speaker):
    assert speakers(text)[-1] == speaker


ADDRESSED = [
    ("“It rained,” Ida Lund told reporters.", "reporters"),
    ("“It rained,” Ida Lund told a rally on Sunday.", "a rally"),
    ("Ida Lund promised shareholders a higher dividend.", "shareholders"),
    ("“It rained,” Ida Lund said on Sunday.", None),
    ("Ida Lund promised a higher dividend.", None),
    ("Residents said the mayor had told them that it rained.", "Residents"),
]


@pytest.mark.parametrize(("text", "addressee"), ADDRESSED)
def test_who_is_spoken_to_stands_behind_the_cue(text, addressee):
    told = read_statements(text)[-1].addressee

    assert (told and told.name) == addressee
