# SPDX-License-Identifier: Apache-2.0
# The manual pages are clean mdoc.
. "$SOURCE/tests/cli-lib.sh"

need mandoc
mandoc -Tlint -W warning "$SOURCE"/man/*.[1-9]

# A heading's word that is also a macro, as in "In a container", is taken for one: \& before it keeps it a word.
macros='Ad|An|Ao|Ap|Aq|Ar|At|Bc|Bo|Bq|Bx|Cd|Cm|Dc|Do|Dq|Dv|Dx|Ec|Em|Eo|Er|Es|Ev|Fa|Fl|Fn|Fo|Fr|Ft|Fx|Ic|In|Lb|Li|Lk'
macros+='|Ms|Mt|Nm|No|Ns|Nx|Oc|Oo|Op|Ox|Pa|Pc|Pf|Po|Pq|Qc|Ql|Qo|Qq|Sc|Sm|So|Sq|St|Sx|Sy|Ta|Tn|Ux|Va|Vt|Xc|Xo|Xr'
if grep -nE "^\\.S[hs] (.* )?($macros)( |$)" "$SOURCE"/man/*.[1-9]; then
    fail 'a word of a heading is a macro'
fi
