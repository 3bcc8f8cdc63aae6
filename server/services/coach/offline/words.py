"""Short answers, and text that is kept: what the offline coach understands of the user's words."""

import re
import unicodedata

SHORT = 80
APOSTROPHES = "'\N{RIGHT SINGLE QUOTATION MARK}"
UNSTORABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
QUESTION_MARKS = ("?", "\N{ARABIC QUESTION MARK}", "\N{FULLWIDTH QUESTION MARK}")


def phrases(listed: str) -> frozenset[str]:
    """The phrases of a list that commas part."""
    return frozenset(" ".join(phrase.split()) for phrase in listed.split(","))


YES = phrases(
    """
    yes, yes please, y, yep, yeah, yup, sure, ok, okay, good, great, perfect, fine, right, correct,
    exactly, true, absolutely, definitely, certainly, of course, ready, i'm ready, im ready, i am ready,
    let's go, lets go, let's start, let's begin, sounds good, looks good, that's good, it's good, keep,
    keep it, keep that, keep this, i do, i am, i will, i commit, it fits, that fits, it does, love it, i
    love it, like it, i like it, please do, do it, go ahead, that's right, add it, all good
    """
)
FIRST_YES = frozenset({"yes", "yep", "yeah", "yup", "sure", "ok", "okay", "absolutely", "definitely"})
AFTER_YES = phrases(
    """
    please, thanks, thank, you, it, that, this, fits, is, does, do, good, great, fine, right, perfect,
    keep, add, i, am, ready, very, much, sure, let's, go, the, one, of, course, yes, and, sounds, so
    """
)
NO = phrases(
    """
    no, no thanks, no thank you, nope, nah, n, not really, not this one, not that one, not at all, no
    need, drop it, remove it, put it away, it doesn't, it does not, it doesn't fit, i don't, i do not, not
    me, that's not me, never, no not really, archive it, leave it out
    """
)
NEXT = phrases(
    """
    next, next one, next please, the next one, go on, move on, continue, let's go on, lets go on, let's
    move on, next category, next question, next identity, later
    """
)
SKIP = phrases(
    """
    skip, skip it, skip this, skip that, skip this one, skip this category, skip please, pass, rather not,
    i'd rather not, i'd rather not say, i would rather not, i would rather not say, prefer not to say, i
    don't want to answer, no comment
    """
)
DONE = phrases(
    """
    done, i'm done, im done, i am done, we're done, that's all, that is all, thats all, that's it, thats
    it, finished, i'm finished, nothing else, nothing more, nothing, nothing missing, nothing is missing,
    no more, enough, all done, none, no one else, that's everything
    """
)
UNSURE = phrases(
    """
    i don't know, i dont know, i do not know, don't know, dont know, dunno, idk, no idea, not sure, i'm
    not sure, im not sure, i am not sure, unsure, maybe, perhaps, hm, hmm, um, i'm stuck, im stuck, i am
    stuck, what do you mean, i don't understand, i have no idea
    """
)
GREETING = phrases(
    """
    hi, hello, hey, hi there, hello there, hey there, good morning, good afternoon, good evening, good
    day, start, begin, thanks, thank you, thank you very much, thanks a lot
    """
)


def plain(text: str) -> str:
    """The words of a short text, in lower case, without punctuation; of a long one, nothing."""
    if len(text) > SHORT:
        return ""
    spoken = text.replace("👍", " yes ").replace("👎", " no ").replace(APOSTROPHES[1], "'").casefold()
    return " ".join(re.findall(r"[\w']+", spoken))


def says_yes(text: str) -> bool:
    said = plain(text)
    first, *others = said.split() or [""]
    return said in YES or (first in FIRST_YES and AFTER_YES.issuperset(others))


def says_no(text: str) -> bool:
    return plain(text) in NO


def says_next(text: str) -> bool:
    return plain(text) in NEXT


def says_skip(text: str) -> bool:
    return plain(text) in SKIP


def says_done(text: str) -> bool:
    return plain(text) in DONE


def moves_on(text: str) -> bool:
    """Whether the user wants to leave what is talked about."""
    return says_next(text) or says_skip(text) or says_done(text)


def is_unsure(text: str) -> bool:
    return plain(text) in UNSURE


def is_greeting(text: str) -> bool:
    return plain(text) in GREETING


def is_question(text: str) -> bool:
    return text.endswith(QUESTION_MARKS)


def is_lone_question_mark(text: str) -> bool:
    return text in QUESTION_MARKS


def is_small_talk(text: str) -> bool:
    """Whether a text is one of the short answers above, or a question: nothing that would be written down."""
    checks = (says_yes, says_no, moves_on, is_unsure, is_greeting, is_question)
    return is_silent(text) or any(check(text) for check in checks)


def is_silent(text: str) -> bool:
    """Whether there is no letter, digit or picture in it."""
    return not any(unicodedata.category(char)[0] in "LNS" for char in text)


def clean(text: str) -> str:
    """The text without what cannot be stored: control characters, lone surrogates."""
    return UNSTORABLE.sub("", text).strip()


def clip(text: str, limit: int) -> str:
    """The text, or its beginning and "…" where it is longer than `limit`; no letter is parted from its accents."""
    if len(text) <= limit:
        return text
    cut = limit - 1
    while cut > 0 and _belong_together(text[cut - 1], text[cut]):
        cut -= 1
    return f"{text[: cut or limit - 1].rstrip()}…"


def _belong_together(char: str, following: str) -> bool:
    joiner = "\N{ZERO WIDTH JOINER}"
    return joiner in (char, following) or unicodedata.category(following) in ("Mn", "Me", "Mc", "Sk")
