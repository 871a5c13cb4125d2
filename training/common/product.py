"""The product's own words: texts are tokenised by `src/text`, through its command line."""

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
WORK = ROOT / "training" / ".work"


def run_product(*arguments: str) -> str:
    """Runs the built command line (`npm run build` makes it) and gives what it prints.

    The environment variable LEMMASCOPE_CLI names another build of it.
    """
    cli = Path(os.environ.get("LEMMASCOPE_CLI", ROOT / "dist" / "src" / "cli" / "main.js"))
    if not cli.exists():
        raise SystemExit(f"There is no {cli}: build the product first, with npm run build.")
    done = subprocess.run(["node", str(cli), *arguments], stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise SystemExit(f"lemmascope {' '.join(arguments)} failed with {done.returncode}.")
    return done.stdout


def words_index(corpus: Path) -> Path:
    """An index of a corpus without vectors, made anew: an old one may hold other words."""
    path = WORK / "words.sqlite"
    run_product(
        *("index", "--quiet", "--rebuild", "--embedder", "none"),
        *("--index", str(path), str(corpus)),
    )
    return path


def vectors_index(corpus: Path, models: Path) -> Path:
    """An index with the vectors of the encoder in a models folder; the next one replaces it."""
    path = WORK / "vectors.sqlite"
    run_product(
        *("index", "--quiet", "--rebuild", "--embedder", "static", "--models", str(models)),
        *("--index", str(path), str(corpus)),
    )
    return path


def declaration_words(index: Path) -> Path:
    """A file with the words of every declaration of an index, one JSON object a line."""
    path = WORK / "declarations.jsonl"
    run_product("export", "words", "--quiet", "--index", str(index), "--out", str(path))
    return path


def query_words(queries: Path) -> Path:
    """A file with the words of written queries and informal texts, one JSON object a line."""
    path = WORK / f"words-of-{queries.name}"
    run_product("export", "words", "--quiet", "--queries", str(queries), "--out", str(path))
    return path
