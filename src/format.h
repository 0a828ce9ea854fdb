// SPDX-License-Identifier: Apache-2.0
//
// The formats there are. A format is one const struct in format_NAME.c and one word in
// FORMAT_LIST; it turns the structures of its header in include/otapack/ into nodes.
#ifndef FORMAT_H
#define FORMAT_H

#include "judge.h"
#include "node.h"
#include "read.h"

enum { FORMAT_RULES = 8 }; // tables of them, at most

struct format {
    const char *name;  // as the JSON says it
    const char *title; // as a person says it

    // Do these bytes look like it? NULL: never guessed, only opened where a slot says so.
    bool (*probe)(const struct otapack_source *src);

    // How many bytes at the start of `src` are the thing itself, where more may follow. NULL: all.
    uint64_t (*extent)(const struct otapack_source *src);

    // Fills fields and parts of a node whose format this is.
    void (*open)(struct reader *r, struct node *n);

    // A container holds others that are smaller than itself, and no more of its own kind: 0 is
    // none.
    int container;

    // Only what eboot or an updater is sent itself: in a container, nobody unpacks or verifies it.
    bool outermost;

    // What can be wrong with it, asked once its parts are judged, in this order.
    const struct rule *rules[FORMAT_RULES];

    // What the file itself says of the device that is to have a part. NULL: as options say.
    const struct target *(*device_of)(struct judge *j, const struct node *n,
                                      const struct node *part);
};

enum { CONTAINER_FLASH = 1, CONTAINER_RCP, CONTAINER_MATTER };

// In the order in which they are offered bytes; the last one takes everything.
#define FORMAT_LIST(X)                                                                             \
    X(matter)                                                                                      \
    X(zigbee)                                                                                      \
    X(rcp_image)                                                                                   \
    X(esp8266_signed)                                                                              \
    X(littlefs)                                                                                    \
    X(spiffs)                                                                                      \
    X(esp8266_arduino)                                                                             \
    X(esp8266_flash)                                                                               \
    X(flash)                                                                                       \
    X(esp8266_v2)                                                                                  \
    X(esp8266_image)                                                                               \
    X(esp_image)                                                                                   \
    X(signed_data)                                                                                 \
    X(gzip)                                                                                        \
    X(zlib)                                                                                        \
    X(secure_boot)                                                                                 \
    X(partition_table)                                                                             \
    X(ota_data)                                                                                    \
    X(partition_csv)                                                                               \
    X(flash_args)                                                                                  \
    X(text)                                                                                        \
    X(raw)

#define X(name) extern const struct format format_##name;
FORMAT_LIST(X)
#undef X

extern const struct format *const formats[];
extern const size_t format_count;

// The format of a part, which read_part finds where it is given none; that of a whole file is for
// read_tree alone to find. Whether it is opened where it is, read_part decides.
const struct format *format_of_part(const struct otapack_source *src);

bool node_is(const struct node *n, const struct format *f); // NULL is no node: false

// What a node is, in a few words: "merged flash image", "ESP32-C6 app".
const char *format_kind(struct arena *a, const struct node *n);

#endif
