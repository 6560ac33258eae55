import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readBrewfile } from "../../src/declare/brewfile.ts";

const TEXT = `# tools
tap "me/tap"
brew "jq"
brew 'openssl@3' # kept
brew("ripgrep")
brew "homebrew/core/fd", restart_service: :changed
brew "me/tap/tool"
brew "evil#{system('id')}"
brew "only-mac" if OS.mac?
cask "firefox"
mas "Xcode", id: 497799835
vscode "x.y"
if OS.linux?
  brew "in-a-block"
end
%w[a b].each do |name|
  brew name
end
system "touch /tmp/owned"
brew "git"
=begin
brew "in-a-comment"
=end
brew "curl"
__END__
brew "after"
`;

describe("readBrewfile()", () => {
  it("reads the brew lines, runs nothing, and names everything else", () => {
    const { packages, notRead } = readBrewfile({ path: "/p/Brewfile", text: TEXT });
    assert.deepEqual(
      packages.map(({ spec, line }) => `${line} ${spec}`),
      ["3 jq", "4 openssl@3", "5 ripgrep", "6 fd", "20 git", "24 curl"],
    );
    const why = new Map(notRead.map((item) => [item.line, item.why]));
    assert.deepEqual([...why.keys()], [2, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
    assert.equal(why.get(2), '"tap" is for Homebrew alone');
    assert.match(why.get(7) ?? "", /formula of a tap/);
    for (const line of [8, 9, 14, 17, 19]) assert.match(why.get(line) ?? "", /Ruby code, which is never run/);
  });
});
