import { describe, expect, it } from "vitest";
import { MATHLIB_DATA_SET, parseEndpoint, resolveSource } from "../../src/download/source.js";
import { UserError } from "../../src/errors.js";

const corpus = {
  kind: "dataset",
  endpoint: "https://huggingface.co",
  id: "Owner/corpus",
  revision: "main",
  path: "",
};

describe("resolveSource", () => {
  it.each([
    "Owner/corpus",
    " Owner/corpus ",
    "datasets/Owner/corpus",
    "https://huggingface.co/datasets/Owner/corpus",
    "https://huggingface.co/datasets/Owner/corpus/",
    "https://huggingface.co/datasets/Owner/corpus?row=3#viewer",
    "http://hf.co/datasets/Owner/corpus/tree/main",
  ])("takes %j for the data set", (text) => {
    expect(resolveSource(text)).toEqual(corpus);
  });

  it("takes the default data set's name, dots and all", () => {
    expect(resolveSource(MATHLIB_DATA_SET)).toMatchObject({ id: MATHLIB_DATA_SET });
  });

  it.each([
    ["https://huggingface.co/datasets/Owner/corpus/tree/v4.28.0-rc1", "v4.28.0-rc1", ""],
    ["https://huggingface.co/datasets/Owner/corpus/tree/refs%2Fpr%2F1", "refs/pr/1", ""],
    ["https://huggingface.co/datasets/Owner/corpus/tree/main/a/b", "main", "a/b"],
    ["https://huggingface.co/datasets/Owner/corpus/blob/main/a.jsonl", "main", "a.jsonl"],
    ["https://huggingface.co/datasets/Owner/corpus/resolve/c5f0/a.jsonl", "c5f0", "a.jsonl"],
  ])("reads revision and path from %s", (text, revision, path) => {
    expect(resolveSource(text)).toEqual({ ...corpus, revision, path });
  });

  it("uses the revision that is asked for where the text names none", () => {
    expect(resolveSource("Owner/corpus", { revision: "v1" })).toMatchObject({ revision: "v1" });
  });

  it("refuses two different revisions", () => {
    const text = "https://huggingface.co/datasets/Owner/corpus/tree/v1";
    expect(() => resolveSource(text, { revision: "v2" })).toThrow(/names the revision v1, but v2/);
    expect(resolveSource(text, { revision: "v1" })).toMatchObject({ revision: "v1" });
  });

  it("asks the configured mirror for what has an address at huggingface.co", () => {
    const endpoint = "https://mirror.example/hub/";
    const expected = { ...corpus, endpoint: "https://mirror.example/hub" };
    for (const text of [
      "Owner/corpus",
      "https://huggingface.co/datasets/Owner/corpus",
      "https://mirror.example/hub/datasets/Owner/corpus",
    ]) {
      expect(resolveSource(text, { endpoint })).toEqual(expected);
    }
  });

  it("asks another hub where the address names it", () => {
    expect(resolveSource("https://mirror.example/datasets/Owner/corpus")).toEqual({
      ...corpus,
      endpoint: "https://mirror.example",
    });
  });

  it.each([
    ["https://example.org/data/corpus.jsonl.gz", "corpus.jsonl.gz"],
    ["http://example.org/corpus.jsonl?download=1#x", "corpus.jsonl"],
    ["https://example.org/datasets/mine/corpus.jsonl.br", "corpus.jsonl.br"],
    ["https://example.org/my%20corpus.jsonl", "my corpus.jsonl"],
  ])("takes %s for one file", (text, name) => {
    expect(resolveSource(text)).toEqual({ kind: "file", url: text.replace(/#.*/, ""), name });
  });

  it.each([
    ["corpus", /give a data set as OWNER\/NAME/],
    ["", /give a data set as OWNER\/NAME/],
    ["a/b/c", /give a data set as OWNER\/NAME/],
    ["../etc", /looks like a file on this computer/],
    ["data/corpus.jsonl", /looks like a file on this computer/],
    ["ftp://example.org/corpus.jsonl", /http\(s\) address/],
    ["https://", /http\(s\) address/],
    ["https://example.org/", /http\(s\) address/],
    ["https://example.org/%zz.jsonl", /percent-encoding/],
    ["https://huggingface.co/Owner/model", /reads \/datasets\/OWNER\/NAME/],
    ["https://huggingface.co/datasets/Owner", /reads \/datasets\/OWNER\/NAME/],
    ["https://huggingface.co/datasets/Owner/corpus/tree", /give a data set/],
    ["https://huggingface.co/datasets/Owner/corpus/discussions", /give a data set/],
    ["https://user:pass@example.org/corpus.jsonl", /user name or password/],
  ])("refuses %j as a mistake in usage", (text, message) => {
    expect(() => resolveSource(text)).toThrow(message);
    expect(() => resolveSource(text)).toThrow(UserError);
    expect(() => resolveSource(text)).not.toThrow(/pass@/);
  });

  it("refuses an endpoint that is no http(s) address", () => {
    expect(() => parseEndpoint("mirror.example")).toThrow(/HF_ENDPOINT/);
    expect(() => parseEndpoint("file:///tmp")).toThrow(/HF_ENDPOINT/);
  });
});
