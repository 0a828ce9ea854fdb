// SPDX-License-Identifier: Apache-2.0
//
// What the formats of ESP8266 updates have in common, and the rules that judge them.
#ifndef ESP8266_TREE_H
#define ESP8266_TREE_H

#include <otapack/esp8266_image.h>

#include "judge.h"
#include "node.h"

// What an image of version 1 is read as: its fields, or those of its part `name`. `s` is what its
// parser said.
struct node *esp8266_add_image(struct reader *r, struct node *n, const char *name,
                               const struct otapack_esp8266_image *image, struct otapack_status s);

// A header and a segment, as fields of theirs.
void esp8266_add_header(struct arena *a, struct node *n, const struct otapack_esp8266_header *h);
void esp8266_add_segment(struct arena *a, struct node *n, const char *name, int index, uint64_t at,
                         const struct otapack_esp_segment *seg);

// The settings of the flash in a header, as what a person wants to know of the whole.
void esp8266_add_settings(struct arena *a, struct node *n, const struct otapack_esp8266_header *h);

// Where in the flash an image belongs, by its first segment that runs from there. False: it has
// none, or its address fits no sector.
bool esp8266_linked_at(const struct otapack_esp8266_image *image, uint64_t *at);

// Where a flash image is to be written to: 0, or the slot of user1 with a package that updates an
// older SDK to ESP8266_RTOS_SDK 3.
uint64_t esp8266_flash_base(const struct node *flash);

// The digests that servers and devices are asked for: of all bytes of a node.
void esp8266_add_digests(struct reader *r, struct node *n);

// What is kept first of an image that can be read: the header whose settings count, and a sketch's.
struct esp8266_headers {
    struct otapack_esp8266_header first, sketch;
    bool has_sketch;
};

// The rest of it, of version 2; NULL: it cannot be read.
const struct otapack_esp8266_v2 *esp8266_v2_of(const struct node *n);

// The rules that images have in common: of their settings, of the file that is sent, of what
// follows. Of what is signed nothing is said yet, for it may be a part of the signature.
extern const struct rule rules_esp8266_settings[], rules_esp8266_sent[], rules_esp8266_end[];
extern const struct rule rules_esp8266_gzip[]; // can eboot undo it?
void rule_esp8266_end(struct judge *j, struct node *n);
void rule_esp8266_trailing(struct judge *j, struct node *n);
bool esp8266_is_sent(const struct node *n);               // it is the file itself
void rule_esp8266_space(struct judge *j, struct node *n); // of one that is sent; needs NEED_ROOM

// Could an image be read?
void rule_esp8266_header(struct judge *j, struct node *n);

// Where that is: how many bytes of the node are the image or gzip file itself.
uint64_t esp8266_end(const struct node *n);

// Does what follows an image only fill the file up to a whole sector, as it would be in flash?
// Behind a file system, up to anywhere.
bool esp8266_is_filling(const struct node *trailing);

// Where what is taken of a node ends: without what only fills it up, but with a configuration that
// some firmware looks for behind itself.
uint64_t esp8266_kept_end(const struct node *n);

bool esp8266_is_image(const struct node *n);    // an Arduino image, or one of version 1
bool esp8266_is_rtos_app(const struct node *n); // of these, an app of ESP8266_RTOS_SDK
bool esp8266_is_update(const struct node *n);   // or a compressed one, or a signed one
bool esp8266_is_any(const struct node *n);      // whatever is for an ESP8266 and no other chip

// Does a key that devices can have make signatures of so many bytes?
bool esp8266_is_signature_size(uint64_t size);

// Does what follows an image have so many bytes as a signature and its length have, and another
// length at its end? *said is that length.
bool esp8266_signature_length_is_wrong(const struct node *trailing, uint32_t *said);

// The signature of a file, or NULL: it is not signed.
const struct node *esp8266_signature(const struct node *root);

// What its node keeps. Whose it is, and in which format it is made, only a key tells: who has some
// says so before the tree is judged.
struct esp8266_signature {
    const uint8_t *bytes;
    uint32_t size;
    const char *by;         // the key that made it; NULL: none that is known
    const char *content_by; // or that made it over what the update unpacks to
    const char *scheme;
    bool legacy; // of the two formats: without DigestInfo
};
void esp8266_signature_is(struct arena *a, struct node *n, const struct esp8266_signature *sig);

// All rules about an image: an Arduino image, or one by itself, with its header.
void rule_esp8266_checksum(struct judge *j, struct node *n, const struct otapack_source *src,
                           const struct otapack_esp8266_image *image);
void rule_esp8266_v2_checksum(struct judge *j, struct node *n, const struct otapack_esp8266_v2 *v2);
// The same of what may be a sketch, whose words were zero when elf2bin counted.
void rule_esp8266_sketch_checksum(struct judge *j, struct node *n, const struct otapack_source *src,
                                  const struct otapack_esp8266_image *image);
void rule_esp8266_words(struct judge *j, struct node *n, const struct otapack_esp8266_arduino *a);
// Does what runs from flash lie where it was linked to? `rtos`: an app of ESP8266_RTOS_SDK.
void rule_esp8266_place(struct judge *j, struct node *n, const struct otapack_esp8266_image *image,
                        bool rtos);
// `there`: a CRC follows the image.
void rule_esp8266_v2_crc(struct judge *j, struct node *n, const struct otapack_esp8266_v2 *v2,
                         bool there);

#endif
