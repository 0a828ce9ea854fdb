#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Prints otapack-checks(7), made of what the program says of its checks:
#   man/checks.sh build/release/otapack >man/otapack-checks.7
set -eu
export LC_ALL=C

cat <<'END'
.\" SPDX-License-Identifier: Apache-2.0
.\" Written by man/checks.sh from `otapack help checks`. Do not edit.
.Dd November 25, 2026
.Dt OTAPACK-CHECKS 7
.Os
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
Each check has an ID, which stands at the end of the line that says that it failed, and
a severity:
.Bl -tag -width reject -offset indent
.It Cm brick
The device stops working, or reboots or reflashes its radio co-processor (RCP) for ever.
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
A check is made only where there is something to make it on: the checks of an ESP image on
each image in a file, those of a pair of parts where both are there, and those of the host
with a partition table only.
Each entry below gives the condition; after
.Dq Who ,
which code looks at it on a device, and what is known of devices that do not; and after
.Dq Else ,
what to do if it does not hold.
A check that nobody makes fails only where the device breaks all the same, and says how.
The check that a device does not make is worth less there: options such as
.Fl -chip
and
.Fl -secure-boot
say which device is meant.
END

"$1" help checks | awk '
    function title(id) {
        if (id ~ /^(known|slot)-/) return "Any file"
        if (id ~ /^esp-/) return "Apps and bootloaders"
        if (id ~ /^device-/) return "The device that is described"
        if (id ~ /^app-/) return "Descriptions of apps"
        if (id ~ /^sig-/) return "Signatures of Secure Boot"
        if (id ~ /^pt-/) return "Partition tables"
        if (id ~ /^ota-data-/) return "OTA data"
        if (id ~ /^rcp-/) return "Combined images of a Thread border router"
        if (id ~ /^matter-/) return "Matter images"
        if (id ~ /^(esp8266|gzip)-/) return "Updates for an ESP8266"
        if (id ~ /^(littlefs|fs)-/) return "Images of file systems"
        if (id ~ /^host-/) return "The host, with its partition table"
        return "Parts that go together"
    }
    # Text that roff must not take for its own.
    function safe(s) {
        gsub(/\\/, "\\e", s)
        return s ~ /^[.\047]/ ? "\\&" s : s
    }
    function sentence(s) {
        return toupper(substr(s, 1, 1)) substr(s, 2) "."
    }
    # esp-header is no sentence to begin with a capital: names of fields stay as they are.
    function condition_text(s) {
        return s ~ /^[a-z]+_/ ? s "." : sentence(s)
    }
    function finish() {
        if (id == "")
            return
        if (title(id) != last) {
            if (last != "") print ".El"
            last = title(id)
            print ".Ss " last
            print ".Bl -tag -width Ds"
        }
        print ".It Cm " id No
        print safe(condition_text(condition))
        print ".br"
        print "Who: " safe(who) "."
        print ".br"
        print "Else: " safe(remedy) "."
        id = ""
    }
    /^[a-z0-9]+(-[a-z0-9]+)+  (brick|reject|warn|note)( \*)?$/ {
        finish()
        id = $1
        No = " Pq " $2 ($3 == "*" ? ", cannot be allowed" : "")
        condition = who = remedy = ""
        at = "condition"
        count++
        next
    }
    id == "" || /^$/ { next }
    /^    who: / { at = "who"; sub(/^    who: /, ""); who = $0; next }
    /^    else: / { at = "remedy"; sub(/^    else: /, ""); remedy = $0; next }
    {
        sub(/^ +/, "")
        if (at == "remedy") remedy = remedy " " $0
        else if (at == "who") who = who " " $0
        else condition = condition (condition == "" ? "" : " ") $0
    }
    END {
        finish()
        print ".El"
        if (count < 10) { print "checks.sh: the list of checks was not understood" > "/dev/stderr"; exit 1 }
    }'

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
