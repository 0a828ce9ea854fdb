// SPDX-License-Identifier: Apache-2.0
//
// What is said beside the PKCS#11 URI of a key. Copied; what it leads to has to stay.
#ifndef PKCS11_OPTIONS_H
#define PKCS11_OPTIONS_H

struct pkcs11_options {
    const char *pin;            // NULL: it comes from where the URI says
    const char *const *modules; // all that module-path may name, NULL-ended; NULL: anything
};

#endif
