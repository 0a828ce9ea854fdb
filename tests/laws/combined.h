// SPDX-License-Identifier: Apache-2.0
//
// Combined images, made without otapack's own code.
#ifndef COMBINED_OF_LAWS
#define COMBINED_OF_LAWS

// What create_ota_image.py writes of an RCP's build folder, with this host firmware (NULL: none).
void combined_of(const char *to, const char *folder, const char *host);
void combined_make(const char *to, const char *host); // of fixtures/rcp_build

#endif
