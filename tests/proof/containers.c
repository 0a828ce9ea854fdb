/* SPDX-License-Identifier: Apache-2.0
 *
 * matter_bundle.h and zigbee.h: read from any source, and written to where there is just room.
 */
#include "source.h"

static void bundle_parts(const struct otapack_source *src, const struct otapack_bundle *bundle)
{
    struct otapack_bundle_entry e;
    if (otapack_bundle_entry_read(src, any_u32(), &e).code == OTAPACK_OK) {
        uint8_t raw[OTAPACK_BUNDLE_ENTRY_SIZE];
        (void)otapack_bundle_entry_end(&e);
        (void)otapack_bundle_faults(bundle, any_u32(), &e, any_u64(), any_u64());
        otapack_bundle_entry_write(&e, raw);
    }
}

static void read_bundle(const struct otapack_source *src)
{
    struct otapack_bundle bundle;
    uint8_t raw[OTAPACK_BUNDLE_HEAD_SIZE];
    (void)otapack_bundle_open(src, &bundle);
    (void)otapack_bundle_table_end(&bundle);
    (void)otapack_bundle_check(src, &bundle, any_u64());
    otapack_bundle_head_write(&bundle, raw);
    bundle_parts(src, &bundle);
}

/* A table of `count` images, where there is just room for it. */
static void write_bundle(uint32_t count)
{
    static struct otapack_bundle_entry entries[4];
    static uint8_t to[OTAPACK_BUNDLE_HEAD_SIZE + 4u * OTAPACK_BUNDLE_ENTRY_SIZE];
    size_t room = OTAPACK_BUNDLE_HEAD_SIZE + (size_t)count * OTAPACK_BUNDLE_ENTRY_SIZE;
    Frama_C_make_unknown((char *)entries, sizeof(entries));
    (void)otapack_bundle_write(entries + (4u - count), count, to + (sizeof(to) - room), room);
    (void)otapack_bundle_write(entries + (4u - count), count, to, room - 1u);
}

static void zigbee_elements(const struct otapack_source *src, const struct otapack_zigbee *z)
{
    struct otapack_zigbee_element e;
    uint8_t raw[OTAPACK_ZIGBEE_ELEMENT_HEAD_SIZE];
    (void)otapack_zigbee_end(src, z);
    if (otapack_zigbee_element_read(src, z, any_u64(), &e).code == OTAPACK_OK) {
        (void)otapack_zigbee_element_end(&e);
    }
    (void)otapack_zigbee_find(src, z, any_u16(), &e);
    otapack_zigbee_element_write(any_u16(), any_u32(), raw);
}

static void read_zigbee(const struct otapack_source *src)
{
    struct otapack_zigbee z;
    (void)otapack_zigbee_open(src, &z);
    (void)otapack_zigbee_check(&z);
    zigbee_elements(src, &z);
}

/* A header with these fields, where there is just room for it. */
static void write_zigbee(uint16_t control)
{
    static uint8_t to[OTAPACK_ZIGBEE_MAX_HEADER];
    struct otapack_zigbee z;
    uint32_t size = otapack_zigbee_header_size(control);
    Frama_C_make_unknown((char *)&z, sizeof(z));
    z.field_control = control;
    (void)otapack_zigbee_write(&z, to + (sizeof(to) - size), size);
    (void)otapack_zigbee_write(&z, to, size - 1u);
}

int main(void)
{
    struct otapack_source memory = source_in_memory(), function = source_of_function();
    read_bundle(&memory);
    read_bundle(&function);
    read_zigbee(&memory);
    read_zigbee(&function);
    //@ loop unroll 4;
    for (uint32_t count = 1; count <= 4; count++) {
        write_bundle(count);
    }
    //@ loop unroll 8;
    for (uint16_t control = 0; control < 8; control++) {
        write_zigbee(control);
    }
    return 0;
}
