"""Mistakes: each kind has its message, its place and its hint, and no text causes anything else."""

import pickle

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from graphviz_backprop.language.errors import ExpressionError
from graphviz_backprop.language.graph import Graph
from graphviz_backprop.language.ops import LANGUAGE
from graphviz_backprop.language.parser import Limits, parse
from tests.support.programs import programs


def mistake(text: str, view: str = "tree") -> ExpressionError:
    with pytest.raises(ExpressionError) as caught:
        parse(text, view)
    return caught.value


@pytest.mark.parametrize(
    ("text", "message", "place", "hint"),
    [
        # parentheses
        ("2(x+1", "this ( is never closed", "(", "add a )"),
        ("(2+(3", "this ( is never closed", "(3"[:1], "add a )"),
        ("(x; y)", "this ( is never closed", "(", "add a )"),
        ("max(x;0)", "; ends a statement", ";", "between arguments write a comma, as in max(x, 0)"),
        ("x + 1)", "this ) has no ( before it", ")", "remove it, or open a ( earlier"),
        ("2 * ()", "a value is missing before )", ")", ""),
        # operators
        ("x +", "+ needs a value on its right", "+", "the expression is not finished"),
        ("x + # later", "+ needs a value on its right", "+", "the expression is not finished"),
        ("(x ·) y", "· needs a value on its right", "·", "the expression is not finished"),
        ("x ^; y", "^ needs a value on its right", "^", "the expression is not finished"),
        ("x **", "** needs a value on its right", "**", "the expression is not finished"),
        ("max(x -, y)", "- needs a value on its right", "-", "the expression is not finished"),
        ("y =", "= needs a value on its right", "=", "the expression is not finished"),
        ("f(x) = ; 2", "= needs a value on its right", "=", "the expression is not finished"),
        ("√", "√ needs a value on its right", "√", "the expression is not finished"),
        ("√-x", "- can't stand behind √", "-", "write √(…)"),
        ("*x", "* needs a value on its left", "*", ""),
        ("x + /y", "/ needs a value on its left", "/", ""),
        ("sin(^2)", "^ needs a value on its left", "^", ""),
        ("x; × y", "× needs a value on its left", "×", ""),
        ("²", "² can't stand here", "²", ""),
        # numbers behind values
        ("y x 2", "there is no operator between x and 2", "x 2", "write x * 2 or x^2"),
        ("2 3", "there is no operator between 2 and 3", "2 3", "write 2 * 3 or 2^3"),
        ("1.2.3", "there is no operator between 1.2 and .3", "1.2.3", "write 1.2 * .3 or 1.2^.3"),
        ("(x+1)2", "there is no operator between ) and 2", ")2", "write * or ^ between them"),
        ("x²3", "there is no operator between ² and 3", "²3", "write * or ^ between them"),
        # equals signs and commas
        (
            "2x = 3",
            "= only stands behind a name at the start of a statement",
            "=",
            "as in y = x^2 or f(x) = x^2",
        ),
        (
            "y = x = 3 ",
            "= only stands behind a name at the start of a statement",
            "= 3"[:1],
            "as in y = x^2 or f(x) = x^2",
        ),
        (
            "3,5",
            "a comma only stands between the arguments of a function",
            ",",
            "for a decimal number write a point",
        ),
        (
            "x, y",
            "a comma only stands between the arguments of a function",
            ",",
            "between statements write ; or begin a new line",
        ),
        ("max(x,)", "a value is missing before )", ")", ""),
        ("max(,x)", "a value is missing before ,", ",", ""),
        ("f(x y) = 3", "y can't stand here", "y", ""),
        # characters
        ("|x", "this | is never closed", "|", "add a |"),
        ("(|x)", "this | is never closed", "|", "add a |"),
        ("sin^-1(x)", "sin^-1 can mean two things", "sin^-1", "write asin(x) or 1/sin(x)"),
        ("ln⁻¹ x", "ln⁻¹ can mean two things", "ln⁻¹", "write 1/ln(x)"),
        ("2½", "there is no operator between 2 and ½", "2½", "write * or ^ between them"),
        ("{x}", "{ means nothing here", "{", "use ( and )"),
        ("x!", "! means nothing here", "!", "there is no factorial"),
        ("5%", "% means nothing here", "%", "for a percentage divide by 100"),
        (
            "f'(x)",
            "' means nothing here",
            "'",
            "derivatives are shown, not written: for f'(x) write f(x), and its gradient stands beside it",
        ),
        *[
            (
                program,
                f"{unit} behind a value is a unit, and there are none",
                unit,
                f"angles are in radians: for {amount} {unit} write {amount}{turn}",
            )
            for program, amount, unit, turn in [
                ("sin(x deg)", "x", "deg", " * pi / 180"),
                ("sin^2(x deg)", "x", "deg", " * pi / 180"),
                ("sin²(x degrees)", "x", "degrees", " * pi / 180"),
                ("tan 45deg", "45", "deg", " * pi / 180"),
                ("cos((x + 1) DEG) + y", "(x + 1)", "DEG", " * pi / 180"),
                ("1/2 x degree", "1/2 x", "degree", " * pi / 180"),
                ("x deg^2", "x", "deg", " * pi / 180"),
                ("cos(π rad)", "π", "rad", ""),
                ("sin(2 radians)", "2", "radians", ""),
            ]
        ],
        ("sin(60°)", "° means nothing here", "°", "angles are in radians: for 60° write 60 * pi / 180"),
        (
            ". + x",
            ". means nothing here",
            ".",
            "a number has a digit beside its point, and functions have no module before them: exp(x)",
        ),
        ("\\frac", "\\ means nothing here", "\\", "write sqrt(x), a/b, x^2"),
        ("x + €", "€ means nothing here", "€", "it is not part of the language"),
        ("x\0y", "a character means nothing here", "\0", "remove it"),
        ("x + \ud800", "a character means nothing here", "\ud800", "remove it"),
        # names
        ("1 if x else 0", "else is a word of a programming language", "else", "write the expression alone"),
        ("_x", "_x is not a name", "_x", "a name is a letter, then letters, digits and _"),
        (
            "__class__",
            "__class__ is not a name",
            "__class__",
            "a name is a letter, then letters, digits and _",
        ),
        ("2 + ①", "① is not a name", "①", "a name is a letter, then letters, digits and _"),
        ("₁", "₁ is not a name", "₁", "a name is a letter, then letters, digits and _"),
        ("ﷺ", "ﷺ is not a name", "ﷺ", "a name is a letter, then letters, digits and _"),
        ("2xⁿ", "ⁿ can't be part of a name", "ⁿ", "for a power write ^n"),
        ("e⁻ˣ", "⁻ˣ can't be an exponent as it stands", "⁻ˣ", "for a power write ^(-x)"),
        ("1 + e²ˣ", "²ˣ can't be an exponent as it stands", "²ˣ", "for a power write ^(2x)"),
        # functions
        ("1 + sine(x)", "sine is not a function", "sine", "did you mean sin?"),
        ("Sigmoid(x)", "Sigmoid is not a function", "Sigmoid", "did you mean sigmoid?"),
        ("relus(x) = x; relu2s(3)", "relu2s is not a function", "relu2s", "did you mean relus?"),
        ("where(x, 1)", "where takes 3 arguments, 2 given", "where(x, 1)", ""),
        ("speed = 2; 3speed(x)", "speed is not a function", "speed", "for a product write speed * (…)"),
        ("2ab(a+b)", "ab is not a function", "ab", "for a product write a b(…)"),
        ("xyz(x+y+z)", "xyz is not a function", "xyz", "for a product write x y z(…)"),
        ("1 + sin(x, y)", "sin takes 1 argument, 2 given", "sin(x, y)", ""),
        ("sin()", "sin takes 1 argument, 0 given", "sin()", ""),
        ("atan2(x)", "atan2 takes 2 arguments, 1 given", "atan2(x)", ""),
        ("log(x, y, z)", "log takes 1 or 2 arguments, 3 given", "log(x, y, z)", ""),
        ("max(x)", "max takes 2 or more arguments, 1 given", "max(x)", ""),
        ("sum()", "sum takes 1 or more arguments, 0 given", "sum()", ""),
        ("f(x, y) = x y; 2 f(3)", "f takes 2 arguments, 1 given", "f(3)", ""),
        ("f(x) = x; f(3, 4)", "f takes 1 argument, 2 given", "f(3, 4)", ""),
        ("f(x) = sin(x, x); 3", "sin takes 1 argument, 2 given", "sin(x, x)", ""),
        ("sin + x", "sin is a function", "sin", "write sin(…)"),
        ("max x", "max is a function", "max", "write max(…)"),
        ("f(x) = x; f + 1", "f is a function", "f + 1"[:1], "write f(…)"),
        # definitions
        ("x = x", "x is defined by itself", "x", "use another name here"),
        ("u = 1; x = u x + 1", "x is defined by itself", "x", "use another name here"),
        ("f(x) = x f(x - 1); 3", "f is defined by itself", "f", "use another name here"),
        ("f(x) = f; 3", "f is defined by itself", "f", "use another name here"),
        ("y = z; z = 2", "z is used before it is defined", "z", "move its definition up"),
        ("y = g(2); g(x) = x", "g is used before it is defined", "g", "move its definition up"),
        ("y = e; e = 2", "e is used before it is defined", "e", "move its definition up"),
        ("u = 1; u = 2", "u is defined twice", "u", "give the second another name"),
        ("f(x) = x; f = 2", "f is defined twice", "f", "give the second another name"),
        ("f(x, x) = x; 2", "f has two arguments named x", "f", ""),
        (
            "e^f; loss(e) = e^2",
            "e has a meaning already, so it can't be the variable of loss",
            "loss",
            "call loss, or give its argument another name",
        ),
        (
            "x = 2; f(x) = x^2",
            "x has a meaning already, so it can't be the variable of f",
            "f",
            "call f, or give its argument another name",
        ),
        # nothing
        ("", "there is nothing to compute yet", "", "try (4*x+1)^2"),
        (" \n;# x", "there is nothing to compute yet", "", "try (4*x+1)^2"),
    ],
)
def test_each_kind(text: str, message: str, place: str, hint: str) -> None:
    for view in ("tree", "graph"):
        error = mistake(text, view)
        assert (error.message, error.hint) == (message, hint)
        assert text[error.start : error.end] == place
        assert str(error) == (f"{message} ({hint})" if hint else message)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("(2+(3", 3, 4),
        ("((x)", 0, 1),
        ("x = x", 4, 5),
        ("y = x = 3", 6, 7),
        ("f(x) = x f(x - 1); 3", 9, 10),
        ("u = 1; u = 2", 7, 8),
        ("f(x) = x; f + 1", 10, 11),
        ("x ==", 2, 4),
        ("0 < x < 1", 6, 7),
        ("x+", 1, 2),
        ("", 0, 0),
    ],
)
def test_the_right_one_of_several_places(text: str, start: int, end: int) -> None:
    error = mistake(text)
    assert (error.start, error.end) == (start, end)


def test_offsets_count_characters_of_the_text_as_typed() -> None:
    text = "𝑥 + \ufeff𝜶²\r\n + sine(𝑥)"
    error = mistake(text)
    assert text[error.start : error.end] == "sine"


def test_it_is_a_value_error_that_can_travel() -> None:
    error = mistake("sine(x)")
    assert isinstance(error, ValueError)
    again = pickle.loads(pickle.dumps(error))
    assert isinstance(again, ExpressionError)
    assert vars(again) == vars(error)
    assert str(again) == str(error)


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("2 + " + "9" * 1_101, (4, 1_105), "this number has more than 1,100 digits"),
        ("0." + "3" * 49_000, (0, 49_002), "this number has more than 1,100 digits"),
        ("x^2 + x" + "²" * 1_101, (7, 1_108), "this number has more than 1,100 digits"),
        ("1 + " + "x" * 201, (4, 205), "this name has more than 200 letters"),
    ],
    ids=["digits", "fraction", "superscript", "name"],
)
def test_numbers_and_names_have_a_length(text: str, place: tuple[int, int], message: str) -> None:
    error = mistake(text)
    assert ((error.start, error.end), error.message) == (place, message)
    assert error.hint


def test_a_number_may_have_all_digits_that_a_double_has() -> None:
    smallest = f"{5e-324:.1074f}"
    assert parse(f"x + {smallest}").nodes[1].value == 5e-324
    assert parse("x" * 200).variables == ("x" * 200,)


def test_a_message_stays_short_where_a_name_does_not() -> None:
    for text in ("x" * 10_000 + "(2)", "x" * 10_000 + " 2", "x" * 10_000 + " = 1;" + "x" * 10_000 + " = 2"):
        assert len(str(mistake(text))) < 250


@pytest.mark.parametrize(
    "text",
    [
        "(" * 20_000 + "x" + ")" * 19_999,
        "(" * 20_000 + ")" * 20_000,
        "(" * 20_000 + "x+" + ")" * 20_000,
        "(" * 20_000 + "x$",
        "(" * 20_000 + "x,y" + ")" * 20_000,
        "-" * 20_000,
        "sin(" * 20_000 + "x, y" + ")" * 20_000,
    ],
    ids=range(7),
)
def test_mistakes_deep_inside(text: str) -> None:
    assert mistake(text).message


# Any text

LIMITS = Limits(characters=1000, nodes=300, variables=50)

CHARACTERS = (
    "xyzeπσα_wf0123456789.+-−*·×/÷^²³⁻¹√∛()（）,，=;；\n\r\t #½①₁ⁿ٣𝟏ſﬁ'|!%\\&<>\u200b\u2062\ufeff\0\ud800"
)
WORDS = [
    *LANGUAGE.names(),
    "f(x) = ",
    "__class__",
    "e",
    "1e",
    "1e5",
    "**",
    "==",
    ", ",
    "é",
    "x̄",
    "ᵀ",
    "İ",
    "ß",
]
TEXTS = st.one_of(
    st.text(CHARACTERS, max_size=30),
    st.lists(st.sampled_from([*CHARACTERS, *WORDS]), max_size=25).map("".join),
    st.text(st.characters(), max_size=12),
    st.tuples(programs(size=3), st.integers(0, 60), st.text(CHARACTERS, max_size=2)).map(
        lambda parts: parts[0][: parts[1]] + parts[2] + parts[0][parts[1] + 1 :]
    ),
)


def parsed(text: str, view: str) -> Graph | ExpressionError:
    try:
        return parse(text, view, LIMITS)
    except ExpressionError as error:
        return error


@given(TEXTS)
@example("²٣")
@example("1²³⁻¹")
@example("x=\r")
@example("f(x,)=x")
@example("f(=x")
@example("(\n#")
@example("ᵀ=ᵀ")
@example("e=e;e")
@example("f()=3;f()")
@example("1_000")
@example("١e٢")
@example("\U0001d7cf.\U0001d7cf")
def test_any_text_is_a_program_or_a_mistake(text: str) -> None:
    for view in ("tree", "graph"):
        result = parsed(text, view)
        if isinstance(result, ExpressionError):
            assert 0 <= result.start <= result.end <= len(text)
            assert result.message
        else:
            assert result.nodes
            assert all(name[0].isalpha() and name.isidentifier() for name in result.variables)
            assert all(node.id.isidentifier() for node in result.nodes)


@pytest.mark.parametrize(
    ("program", "variables"),
    [
        ("deg = 3; x deg", ["deg", "x"]),
        ("deg = pi/180; sin(x deg)", ["x"]),
        ("f(rad) = 2 rad; f(x)", ["x"]),
        ("deg + rad*x", ["deg", "rad", "x"]),
    ],
)
def test_a_unit_that_is_named_on_purpose_is_a_name(program, variables):
    assert sorted(parse(program).variables) == variables
