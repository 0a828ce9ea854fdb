# SPDX-License-Identifier: Apache-2.0
# What packages are made of for other systems can be read by those who read it, names files and stages that are there,
# and has the version that CMake has.
. "$SOURCE/tests/cli-lib.sh"

packaging=$SOURCE/packaging
version=$(sed -n 's/^project(otapack VERSION \([0-9.]*\).*/\1/p' "$SOURCE/CMakeLists.txt")
[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] || fail 'CMakeLists.txt has no version that is understood'

# has_version WHERE TEXT
has_version() { [ "$2" = "$version" ] || fail "$1 says version '$2', CMakeLists.txt $version"; }

# without PROGRAM: said when a reader is not installed; the other tests go on.
left=
without() { left+=" $1"; }

# ---- Versions -----------------------------------------------------------------------------------

has_version 'otapack --version' "$(otapack --version | sed 's/^otapack //')"
has_version debian/changelog "$(sed -n '1s/^otapack (\(.*\)) .*/\1/p' "$packaging/debian/changelog")"
has_version idf_component.yml "$(sed -n 's/^version: "\(.*\)"$/\1/p' "$packaging/esp-idf/otapack/idf_component.yml")"
has_version library.json "$(sed -n 's/^ *"version": "\(.*\)",$/\1/p' "$packaging/arduino/library.json")"
has_version library.properties "$(sed -n 's/^version=//p' "$packaging/arduino/library.properties")"

# ---- Homebrew and Arch Linux --------------------------------------------------------------------

echo 'what was released' >release.tar.gz
expect_exit 2 env OTAPACK_URL= sh "$packaging/distributions.sh" release.tar.gz made
expect_err '^distributions\.sh: .*; set OTAPACK_URL$'
expect_exit 0 env OTAPACK_URL=https://example.com/otapack sh "$packaging/distributions.sh" release.tar.gz made
folder_is made otapack.rb PKGBUILD
digest=$(sha256_of release.tar.gz)
address=https://example.com/otapack/releases/download/v$version/otapack-$version.tar.gz
for file in made/*; do
    has_no_line '@[A-Z0-9]+@' "$file" || fail "$file has something left to fill in"
done

has_line "^  url \"$address\"\$" made/otapack.rb || fail 'the formula has another address'
has_line "^  sha256 \"$digest\"\$" made/otapack.rb || fail 'the formula has another digest'
if command -v ruby >/dev/null; then
    expect_exit 0 ruby -c made/otapack.rb
    # As Homebrew reads it: what the class says of itself.
    cat >formula.rb <<'END'
class Formula
  SAID = {}
  singleton_class.undef_method :test
  def self.method_missing(name, *values, &block)
    (SAID[name] ||= []) << values.first
  end
end
require './made/otapack.rb'
abort 'no install, or no test' unless Otapack.method_defined?(:install) && Formula::SAID.key?(:test)
missing = [:desc, :homepage, :url, :sha256, :license, :depends_on] - Formula::SAID.keys
abort "nothing says #{missing}" unless missing.empty?
END
    expect_exit 0 ruby formula.rb
else
    without ruby
fi

# What makepkg wants of a PKGBUILD.
(
    # shellcheck source=/dev/null
    . ./made/PKGBUILD
    # shellcheck disable=SC2154 # it sets them
    has_version PKGBUILD "$pkgver"
    [ "${source[*]}" = "$address" ] || fail "the PKGBUILD has another address: ${source[*]}"
    [ "${sha256sums[*]}" = "$digest" ] || fail 'the PKGBUILD has another digest'
    for name in pkgname pkgrel pkgdesc url license arch depends makedepends; do
        [ -n "${!name}" ] || fail "the PKGBUILD has no $name"
    done
    for name in build check package; do
        declare -F "$name" >/dev/null || fail "the PKGBUILD has no $name()"
    done
)

# ---- Nix ----------------------------------------------------------------------------------------

if command -v nix-instantiate >/dev/null; then
    # The few functions of nixpkgs that the version asks for.
    cat >evaluate.nix <<'END'
{ package }:
let
  lib = {
    splitString = by: text: builtins.filter builtins.isString (builtins.split by text);
    hasPrefix = prefix: text: builtins.substring 0 (builtins.stringLength prefix) text == prefix;
    findFirst = fits: other: list:
      let found = builtins.filter fits list; in if found == [ ] then other else builtins.head found;
  };
  none = null;
  arguments = builtins.mapAttrs (name: optional: none) (builtins.functionArgs (import package));
in
(import package (arguments // { inherit lib; stdenv.mkDerivation = said: said; })).version
END
    nix() { env HOME="$PWD" nix-instantiate --store dummy:// "$@" 2>err; }
    has_version package.nix "$(nix --eval evaluate.nix --arg package "$packaging/nix/package.nix" | tr -d '"')"
    nix --parse "$SOURCE/flake.nix" >made/flake || fail 'flake.nix is no Nix'
    package=$(sed -n 's|.*callPackage \./\([^ ]*\) .*|\1|p' "$SOURCE/flake.nix")
    [ -f "$SOURCE/$package" ] || fail "flake.nix names '$package', which is not there"
else
    without nix-instantiate
fi

# ---- Docker -------------------------------------------------------------------------------------

# A line for each instruction, with those joined that go on behind a backslash.
awk '/^#/ || /^$/ { next } /\\$/ { sub(/\\$/, ""); printf "%s", $0; next } { print }' \
    "$packaging/docker/Dockerfile" >instructions
stages=
while read -r instruction first rest; do
    case $instruction in
    FROM)
        [[ $rest =~ ^AS\ ([a-z-]+)$ ]] || fail "a stage without a name: FROM $first $rest"
        stages+=" ${BASH_REMATCH[1]} "
        ;;
    COPY)
        if [[ $first == --from=* ]]; then
            [[ $stages == *" ${first#*=} "* ]] || fail "COPY from ${first#*=}, which is no stage above"
        else
            [ -e "$SOURCE/$first" ] || fail "COPY $first, which is not there"
        fi
        ;;
    ENTRYPOINT) [ "$first$rest" = '["otapack"]' ] || fail "the entry point is $first" ;;
    RUN | WORKDIR) ;;
    *) fail "Docker does not know the instruction $instruction, or this test does not" ;;
    esac
done <instructions
[ "$stages" = ' build  otapack-hsm  otapack-serve  otapack ' ] || fail "the stages are:$stages"

[ -z "$left" ] || skip "what these read, as they are not installed:$left"
