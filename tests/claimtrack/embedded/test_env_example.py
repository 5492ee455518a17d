"""What an operator may set is written down."""

import re
from pathlib import Path

PROJECT = Path(__file__).parents[3]
READ = re.compile(r"""(?:\benv\.\w+\(|environ\.get\(|environ\[)"([A-Z_]+)\"""")


def test_env_example_names_every_variable_that_is_read_with_a_sentence():
    files = [*PROJECT.glob("claimtrack/**/*.py"), *PROJECT.glob("apps/**/*.py")]
    read = {name for file in files for name in READ.findall(file.read_text())}
    in_compose = re.findall(r"\$\{([A-Z_]+)", (PROJECT / "docker-compose.yml").read_text())
    described = re.findall(r"^# .*[.:][^\n]*\n(?:# )?([A-Z_]+)=", (PROJECT / ".env.example").read_text(), re.MULTILINE)

    assert "DATABASE_URL" in read
    assert (read | set(in_compose)) - set(described) == set()
