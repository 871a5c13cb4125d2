"""Writes the queries of the validation split in the shape of MathlibQR, so that `lemmascope bench search --data
FOLDER` and `--compare` measure on declarations that no model learned from, and no benchmark asks for."""

import argparse
import json
from pathlib import Path

from .data import DEFAULT_QUERIES
from .split import is_validation

STYLES = {
    "q1a_lean": "lean",
    "q1b_latex": "latex",
    "q1c_natural": "natural",
    "q2_slogan": "slogan",
    "q3_nickname": "nickname",
    "q4_special_case": "special",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where to write the two files")
    parser.add_argument("--queries", type=Path, default=DEFAULT_QUERIES)
    arguments = parser.parse_args()
    with arguments.queries.open(encoding="utf-8") as lines:
        written = [json.loads(line) for line in lines]
    held_out = [one for one in written if is_validation(one["name"])]
    entries = [
        {
            "id": f"D{number}",
            "full_name": one["name"],
            "kind": one["kind"],
            "difficulty": "Easy",
            **{field: one["queries"].get(style) for field, style in STYLES.items()},
        }
        for number, one in enumerate(held_out)
    ]
    arguments.folder.mkdir(parents=True, exist_ok=True)
    write(arguments.folder / "MathlibQR.json", entries)
    write(
        arguments.folder / "MathlibQR_shared171.json",
        {"shared_declarations": [one["full_name"] for one in entries]},
    )


def write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content), encoding="utf-8")


if __name__ == "__main__":
    main()
