#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Builds the Debian packages, and tries them: lintian has no complaint; they can be installed and used
# (tests/use), and nothing stays when they are purged. As root, on Debian 12 or 13.
#   packaging/debian/test.sh           builds them twice, and both have the same bytes
#   packaging/debian/test.sh --once    builds them once
#
# They are installed in a copy of this system, which goes away; the system stays as it is. Where
# nothing can be mounted, as in some containers, that part says that it skips.
set -euo pipefail
cd "$(dirname "$0")/../.."
source=$PWD

fail() {
    echo "packaging/debian/test.sh: $1" >&2
    exit 1
}

# build FOLDER: in a place of its own. Debian's flags know no folders with a blank in their names.
build() {
    mkdir "$scratch/place-of-$1"
    TMPDIR=$scratch/place-of-$1 packaging/deb.sh "$scratch/$1"
}

same_again() {
    local file
    TZ=Pacific/Apia LC_ALL=C build again
    for file in "$scratch"/once/*.{deb,dsc,tar.xz}; do
        cmp "$file" "$scratch/again/${file##*/}" || fail 'another folder gives other bytes'
    done
}

# Which version of the policy is the newest differs between the releases. lintian leaves files in TMPDIR.
no_complaint() {
    TMPDIR=$scratch lintian --allow-root --pedantic --display-experimental --display-info \
        --suppress-tags newer-standards-version,out-of-date-standards-version \
        "$scratch"/once/*.changes >"$scratch/said" || [[ $? == 2 ]] # 2: it found something
    [[ ! -s $scratch/said ]] || { cat "$scratch/said" && fail 'lintian complains'; }
}

# in_a_copy COMMAND...: there, with the source in its place and the packages in /mnt. A chroot's / is
# no mount whose propagation could be set: there, whoever calls has a namespace of his own.
in_a_copy() {
    # shellcheck disable=SC2016 # the inner shell's
    unshare --mount --propagation unchanged -- bash -euc '
        mount --make-rprivate / 2>/dev/null || true
        scratch=$1 source=$2 && shift 2
        mkdir "$scratch/copy"
        mount -t tmpfs tmpfs "$scratch/copy"
        mkdir "$scratch/copy/"{changed,work,root}
        root=$scratch/copy/root
        mount -t overlay overlay \
            -o "lowerdir=/,upperdir=$scratch/copy/changed,workdir=$scratch/copy/work" "$root"
        mkdir -p "$root$source"
        mount --bind "$source" "$root$source"
        mount --bind "$scratch/once" "$root/mnt"
        mount --bind /dev "$root/dev"
        mount -t proc proc "$root/proc"
        exec chroot "$root" "$@"' bash "$scratch" "$source" "$@"
}

can_copy() {
    # shellcheck disable=SC2016 # the inner shell's
    unshare --mount --propagation unchanged -- sh -euc '
        mkdir "$1/probe"
        mount -t tmpfs tmpfs "$1/probe"
        mkdir "$1/probe/changed" "$1/probe/work" "$1/probe/root"
        mount -t overlay overlay \
            -o "lowerdir=/,upperdir=$1/probe/changed,workdir=$1/probe/work" "$1/probe/root"' \
        sh "$scratch" 2>/dev/null
}

# Caches and logs are the package manager's own.
files() {
    find /etc /opt /usr /var '(' -path /var/cache -o -path /var/log -o -path /var/lib/dpkg ')' -prune \
        -o -print | sort
}

# installed: what goes on in the copy; the packages lie in /mnt.
installed() {
    files >/tmp/before
    dpkg --install /mnt/otapack_*.deb /mnt/otapack-dev_*.deb >/dev/null
    packaging/debian/tests/use
    dpkg --purge otapack otapack-dev >/dev/null
    files >/tmp/after
    diff /tmp/before /tmp/after || fail 'something stayed (>) behind the packages'
}

if [[ ${1-} == --installed ]]; then
    installed
    exit
fi
scratch=$(mktemp -d "${TMPDIR:-/tmp}/otapack-packages.XXXXXX")
trap 'rm -rf --one-file-system "$scratch"' EXIT
build once
[[ ${1-} == --once ]] || same_again
no_complaint
tried='built; skipped: nothing can be mounted here, so they were not installed'
if can_copy; then
    in_a_copy "$source/packaging/debian/test.sh" --installed
    tried='built, installed, used, purged'
fi
echo "$(cd "$scratch/once" && echo *.deb): $tried"
