"""A finished model's folder: its files, its card, and the manifest that the product checks."""

import hashlib
import json
from pathlib import Path

from .markdown import markdown_table


def write_model(folder: Path, files: dict[str, bytes], settings: dict, card: str) -> str:
    """Writes all that the product's `src/models/model-files.ts` reads; gives the checksums."""
    folder.mkdir(parents=True, exist_ok=True)
    checksums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    manifest = {"files": checksums, "settings": settings}
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    sums = markdown_table(
        ["file", "bytes", "SHA-256"],
        [[name, f"{len(files[name]):,}", f"`{checksum}`"] for name, checksum in checksums.items()],
    )
    text = f"{card.rstrip()}\n\n## Files\n\n{sums}\n"
    (folder / "card.md").write_text(text, encoding="utf-8")
    return sums
