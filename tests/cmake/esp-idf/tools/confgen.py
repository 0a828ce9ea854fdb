# SPDX-License-Identifier: Apache-2.0
"""What idf.py makes of sdkconfig and Kconfig files: confgen.py SDKCONFIG OUT KCONFIG..."""
import pathlib
import sys

import kconfiglib

sdkconfig, out, *kconfigs = sys.argv[1:]
out = pathlib.Path(out)
out.parent.mkdir(exist_ok=True)
root = out.with_name('Kconfig')
root.write_text(''.join(f'source "{file}"\n' for file in kconfigs))

config = kconfiglib.Kconfig(str(root), warn_to_stderr=False)
config.load_config(sdkconfig)
if config.warnings:
    sys.exit('\n'.join(config.warnings))
lines = []
for symbol in config.unique_defined_syms:
    value = symbol.str_value
    if not symbol.config_string:
        continue
    if symbol.orig_type == kconfiglib.BOOL:
        value = 'y' if value == 'y' else ''
    elif symbol.orig_type == kconfiglib.STRING:
        value = kconfiglib.escape(value)
    elif symbol.orig_type == kconfiglib.HEX:
        value = hex(int(value, 16))
    lines.append(f'set(CONFIG_{symbol.name} "{value}")\n')
text = ''.join(lines)
if not out.exists() or out.read_text() != text:
    out.write_text(text)
