"""The commands of dev.py and their options."""

import argparse
import sys

from dev.console import Stop, say


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dev.py",
        description="Everything one does with Medspil while building it.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")

    demo = commands.add_parser(
        "demo", help="fill the invented municipality of Løvholm and serve it on this machine"
    )
    demo.add_argument("--fresh", action="store_true", help="throw away what an earlier demo kept")
    demo.add_argument(
        "--cases", type=int, metavar="N", help="fill N more, plainer cases beside the lively sixty"
    )
    demo.add_argument(
        "--port", type=int, metavar="P", help="the port to serve on (8000, or a free one near it)"
    )

    test = commands.add_parser(
        "test", help="run every test, with a real browser, on SQLite and on PostgreSQL"
    )
    test.add_argument("--sqlite", action="store_true", help="only the run on SQLite")
    test.add_argument("--postgresql", action="store_true", help="only the run on PostgreSQL, with every test")
    test.add_argument(
        "--engines",
        action="store_true",
        help="instead: that DuckDB, PostgreSQL and Spark count the same cells as we (needs Java 17 or 21)",
    )
    test.add_argument("rest", nargs="*", metavar="-- ARGUMENTS", help="what follows -- goes to pytest")

    check = commands.add_parser(
        "check", help="style, types, floors and wall, migrations, locks, translations"
    )
    check.add_argument("only", nargs="*", metavar="NAME", help="only these checks")
    check.add_argument("--without", action="append", default=[], metavar="NAME", help="all but this check")
    check.add_argument("--fix", action="store_true", help="let ruff mend what it can first")

    bench = commands.add_parser("bench", help="measure; without a name it lists what can be measured")
    bench.add_argument("name", nargs="?", metavar="NAME")
    bench.add_argument(
        "rest", nargs="*", metavar="-- ARGUMENTS", help="what follows -- goes to the measurement"
    )

    pictures = commands.add_parser(
        "pictures", help="take the pictures of README and docs from a demo of their own"
    )
    pictures.add_argument("only", nargs="*", metavar="NAME", help="only these pictures")

    lock = commands.add_parser(
        "lock", help="make the lock files anew from pyproject.toml, *.in and package.json"
    )
    lock.add_argument("--upgrade", action="store_true", help="take the newest versions that are allowed")

    translations = commands.add_parser(
        "translations", help="merge and compile the translations, and say what is missing"
    )
    translations.add_argument("--missing", action="store_true", help="list each missing or stale sentence")
    translations.add_argument(
        "--draft", metavar="PATH", help="print entries to fill in for files below this path"
    )

    commands.add_parser("build", help="make the environment for tests, build what the browser gets, compile")
    return parser


def main(arguments: list[str]) -> int:
    rest: list[str] = []
    if "--" in arguments:
        cut = arguments.index("--")
        arguments, rest = arguments[:cut], arguments[cut + 1 :]
    parser = _parser()
    if not arguments:
        parser.print_help()
        return 0
    chosen = parser.parse_args(arguments)
    if hasattr(chosen, "rest"):
        chosen.rest += rest
    elif rest:
        parser.error(f"{chosen.command} takes nothing after --")
    try:
        return _do(chosen)
    except Stop as stop:
        say()
        print(stop, file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        say("\nStopped.")
        return 130


def _do(chosen: argparse.Namespace) -> int:
    # Each command loads only its own part, so that the first lines appear at once.
    from dev import environment

    match chosen.command:
        case "demo":
            from dev import demo

            return demo.serve(fresh=chosen.fresh, cases=chosen.cases, port=chosen.port)
        case "test":
            from dev import suite

            if chosen.engines:
                return suite.run_engines(chosen.rest)
            return suite.run_all(sqlite=chosen.sqlite, postgresql=chosen.postgresql, arguments=chosen.rest)
        case "check":
            from dev import checks

            return checks.run_all(only=chosen.only, without=chosen.without, fix=chosen.fix)
        case "bench":
            from dev import suite

            return suite.bench(name=chosen.name, arguments=chosen.rest)
        case "pictures":
            from dev import demo

            return demo.pictures(only=chosen.only)
        case "lock":
            from dev import locks

            locks.make(upgrade=chosen.upgrade)
            return 0
        case "translations":
            environment.ensure("test")
            arguments = ["--missing"] if chosen.missing else []
            arguments += ["--draft", chosen.draft] if chosen.draft is not None else []
            return environment.relaunch(
                "dev.translations", *arguments, env=environment.environ(MEDSPIL_TESTING="1")
            )
        case _:
            from dev import suite

            suite.prepare()
            return 0
