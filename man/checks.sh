#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Prints otapack-checks(7), made of what the program says of its checks; needs jq:
#   man/checks.sh build/release/otapack >man/otapack-checks.7
set -eu
export LC_ALL=C

cat <<'END'
.\" SPDX-License-Identifier: Apache-2.0
.\" Written by man/checks.sh from `otapack help --json`. Do not edit.
.Dd November 25, 2026
.Dt OTAPACK-CHECKS 7
.Os otapack
.Sh NAME
.Nm otapack-checks
.Nd every check that otapack makes
.Sh DESCRIPTION
.Xr otapack-inspect 1
and
.Xr otapack-verify 1
make these checks on what is in a file, and
.Xr otapack-build 1 ,
.Xr otapack-edit 1
and
.Xr otapack-sign 1
on what they are about to write.
Each check has an ID, which stands at the end of the line that says that it
failed, and a severity:
.Bl -tag -width reject -offset indent
.It Cm brick
The device stops working, or reboots or reflashes its radio co-processor (RCP)
for ever.
.It Cm reject
The device refuses the update, and keeps what it has.
.It Cm warn
The device takes it, and something is lost.
.It Cm note
Nothing happens.
.El
.Pp
A check of severity
.Cm brick
or
.Cm reject
that fails makes the exit status 1, and nothing is written.
.Fl -allow Ar ID ,
or the key
.Cm allow
of a recipe, turns one check into a warning.
A check that says
.Dq cannot be allowed
must hold for the file to be read or written at all.
.Pp
A check is made only where there is something to make it on: the checks of an
ESP image on each image in a file, those of a pair of parts where both are
there, and those of the host with a partition table only.
Each entry below gives the condition; after
.Dq Who ,
which code looks at it on a device, and what is known of devices that do not;
after
.Dq Else ,
what to do if it does not hold; and after
.Dq Log ,
what devices log then, as their sources have it.
.Xr otapack-help 1
finds a check by such a line.
A check that nobody makes fails only where the device breaks all the same, and
says how.
The check that a device does not make is worth less there: options such as
.Fl -chip
and
.Fl -secure-boot
say which device is meant.
END

# wrapped: text of more than 80 characters goes on in the next line, which does not begin as a macro does.
wrapped() {
    awk '{
        while (length($0) > 80 && !/^\./) {
            at = 81
            while (at > 1 && substr($0, at, 2) !~ /^ [^.\047]/) at--
            print substr($0, 1, at - 1)
            $0 = substr($0, at + 1)
        }
        print
    }'
}

"$1" help --json | jq -r '
    # Text that roff must not take for its own.
    def safe: gsub("\\\\"; "\\e") | if test("^[.\u0027]") then "\\&" + . else . end;
    # esp-header is no sentence to begin with a capital: names of fields stay as they are.
    def sentence: if test("^[a-z]+_") then . else (.[:1] | ascii_upcase) + .[1:] end + ".";
    (.actors | map({key: .name, value: .title}) | from_entries) as $titles
    | [foreach .checks[] as $c ({}; {last: .title, title: $c.of, $c})]
    | if length < 10 then "checks.sh: the list of checks was not understood\n" | halt_error else .[] end
    | (if .title != .last then
        (if .last then ".El" else empty end), ".Ss \(.title)", ".Bl -tag -width Ds" else empty end),
    (.c
        | ".It Cm \(.id) Pq \(.severity)\(if .allowable then "" else ", cannot be allowed" end)",
        (.condition | sentence | safe), ".br",
        "Who: " + ((if .who == [] then "nobody but a tool" else .who | map($titles[.]) | join(", ") end)
            + (if .only then ", only \(.only) (elsewhere: \(.elsewhere))" else "" end)
            + (if .follows then ": \(.follows)" else "" end) | safe) + ".", ".br",
        "Else: \(.remedy | safe).",
        (.logs[] | ".br", "Log: \(.words | safe | gsub("\\. "; ".\\& ")) (\(.who))"))' | wrapped
echo .El

cat <<'END'
.Sh SEE ALSO
.Xr otapack 1 ,
.Xr otapack-build 1 ,
.Xr otapack-edit 1 ,
.Xr otapack-inspect 1 ,
.Xr otapack-sign 1 ,
.Xr otapack-verify 1 ,
.Xr otapack-recipe 5
END
