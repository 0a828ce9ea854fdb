/* SPDX-License-Identifier: Apache-2.0
 *
 * What the tests of the device have in common.
 */
#ifndef STAND_IN_DEVICE_H
#define STAND_IN_DEVICE_H

#include "fake.h"
#include <stddef.h>
#include <stdint.h>

#define EXPECT(what) expect(what, #what, __FILE__, __LINE__)
void expect(bool good, const char *what, const char *file, int line);

extern uint8_t device_file[1u << 20];

size_t device_load(const char *path);

/* What RCP image 0 holds, in a new storage. */
extern uint8_t device_old_rcp[1u << 16];
extern size_t device_old_rcp_size;

/* So many bytes of the file are the RCP's; all, of one that is not a combined image. */
size_t device_rcp_size(size_t n);

/* RCP image 0 is in use, and 1 is what is left of an update from long ago. */
void device_new_storage(void);

/* This app has a seal, of what RCP image 0 now is: nearly the one that the file has. */
void device_seal(int app, size_t n);

/* One bit of an RCP image that is stored. */
void device_flip(int seq, long at);

/* An update of which nothing may be left open, and after which nothing more may be done. */
esp_err_t device_update(size_t n, size_t chunk);

/* Each is a verb of the program. */
int device_facts(void);
int device_power(const char *path, bool sealed);
int device_rcp_alone(const char *path);
int device_seals(const char *path);
int device_main(int argc, char **argv);
int device_faults(const char *path, bool cut_power);

#endif
