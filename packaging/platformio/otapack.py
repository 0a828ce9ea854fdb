# SPDX-License-Identifier: Apache-2.0
"""otapack in a PlatformIO build, for espressif32 and espressif8266.

In platformio.ini, with this file beside it:

    extra_scripts = post:otapack.py

Then `pio run` checks firmware.bin for the board: chip, flash, partition table or, on an ESP8266,
layout. With a recipe it makes the image for the update as well, checks that instead, and makes it
again when any of its files changed. What fails a check fails the build. Options, none needed:

    custom_otapack_recipe     a recipe, otapack-recipe(5); ${FIRMWARE} in it is firmware.bin
    custom_otapack_output     the image; without it $BUILD_DIR/${PROGNAME}.ota
    custom_otapack_defines    NAME=VALUE, one per line: what ${NAME} in the recipe stands for
    custom_otapack_verify     more options for otapack verify, such as --key-digest HEX
    custom_otapack_program    the program; without it $OTAPACK, or otapack in PATH

`pio run -t otapack-inspect` shows the image, `pio run -t otapack-verify` checks it once more.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys

Import("env")  # noqa: F821 (SCons gives it)
env = env  # noqa: F821


def option(name, default=""):
    return env.subst(env.GetProjectOption("custom_otapack_" + name, default)).strip()


def program():
    """The program's path; the build ends where there is none."""
    named = option("program") or os.environ.get("OTAPACK", "")
    found = shutil.which(os.path.expanduser(named or "otapack"))
    if not found:
        sys.stderr.write(
            "otapack: %s: is not there; install otapack, or say where it is with "
            "custom_otapack_program or OTAPACK\n" % (named or "otapack")
        )
        env.Exit(1)
    return found


def partition_table():
    """The table that the board is flashed with."""
    for _offset, path in env.get("FLASH_EXTRA_IMAGES", []):
        path = env.subst(path)
        if os.path.basename(path) == "partitions.bin":
            return path
    return ""


def board_options():
    """What the board says of the device, as options of otapack verify."""
    board = env.BoardConfig()
    if board.get("build.mcu", "") != "esp8266":
        flash = board.get("upload.flash_size", "4MB")
        return ["--chip", board.get("build.mcu", "esp32"), "--flash-size", flash]
    script = os.path.basename(env.subst(env.GetActualLDScript()))
    return ["--layout", script] if re.match(r"eagle\.flash\.\w+\.ld$", script) else []


def run(*arguments):
    """The exit status of otapack. Its messages reach the person as they are."""
    sys.stdout.flush()
    return subprocess.call([PROGRAM] + list(arguments))


def verify(path):
    table = partition_table()
    options = board_options() + (["--partition-table", table] if os.path.isfile(table) else [])
    return run("verify", path, *(options + shlex.split(option("verify"))))


def inputs(depfile):
    """The files that a rule for make names; it writes a space in a name as backslash and space."""
    if not os.path.isfile(depfile):
        return []
    with open(depfile, encoding="utf-8") as file:
        rule = file.read().replace("\\\n", " ")
    files = re.split(r"(?<!\\)\s+", re.split(r":\s", rule, maxsplit=1)[1].strip())
    return [re.sub(r"\\([ #])", r"\1", name).replace("$$", "$") for name in files if name]


def is_stale(path):
    """A file that only the recipe names is newer, or gone. SCons would take the names that a
    depfile brings for a change by themselves, and make the image twice."""
    times = [os.path.getmtime(name) if os.path.isfile(name) else None for name in inputs(path + ".d")]
    return os.path.isfile(path) and any(t is None or t > os.path.getmtime(path) for t in times)


def build(target, source, env):
    """Makes the image by the recipe, and keeps none that the device would refuse."""
    made = str(target[0])
    defines = ["FIRMWARE=" + os.path.abspath(str(source[0]))]
    defines += [line.strip() for line in option("defines").splitlines() if line.strip()]
    arguments = [argument for define in defines for argument in ("-D", define)]
    status = run("build", str(source[1]), "-q", "-o", made, "--depfile", made + ".d", *arguments)
    if status == 0:
        status = verify(made)
        if status != 0:
            os.remove(made)
    return status


def check(target, source, env):
    return verify(str(target[0]))


PROGRAM = program()
firmware = os.path.join("$BUILD_DIR", "${PROGNAME}.bin")
recipe = option("recipe")
if recipe:
    output = option("output") or env.subst(os.path.join("$BUILD_DIR", "${PROGNAME}.ota"))
    # What an option or the board says is a source as the files are.
    said = env.Value([option("defines"), option("verify"), board_options(), PROGRAM])
    sources = [firmware, recipe, said] + ([partition_table()] if partition_table() else [])
    image = env.Command(output, sources, env.VerboseAction(build, "Building $TARGET"))
    if is_stale(output):
        env.AlwaysBuild(image)
    env.Default(image)
else:
    image = firmware
    env.AddPostAction(firmware, env.VerboseAction(check, "Checking $TARGET"))

for verb, title in (("inspect", "Show the image"), ("verify", "Check the image")):

    def act(target, source, env, verb=verb):
        path = env.subst(str(source[0]))
        return verify(path) if verb == "verify" else run("inspect", path)

    env.AddCustomTarget(
        "otapack-" + verb, image, env.VerboseAction(act, title), title, "otapack " + verb
    )
