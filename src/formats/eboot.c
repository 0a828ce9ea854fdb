// SPDX-License-Identifier: Apache-2.0
#include "eboot.h"

#include <otapack/esp8266_image.h>

#include "deflate.h"
#include "esp8266.h"

static const uint64_t sector = OTAPACK_ESP8266_SECTOR;

// A sector is to be written, `size` bytes are unpacked by then, and that took `deflated` bytes.
static void write_sector(void *ctx, uint64_t size, uint64_t deflated)
{
    struct eboot_copy *c = ctx;
    const uint64_t to = esp8266_sectors(size) - sector, end = esp8266_sectors(size);
    const uint64_t read = esp8266_sectors(c->compressed_at + deflated); // whole pieces
    const uint64_t start = c->fs_start > c->sent ? c->fs_start - c->sent : 0;
    bool unread = read < c->packed && size < c->size; // behind the last one, nothing is read
    bool hits_unread = unread && end > start + read && to < start + c->packed;
    uint64_t needed = unread && end > read ? end - read + c->sent : c->sent;
    c->writes++;
    needed = needed > end ? needed : end;
    c->needed = needed > c->needed ? needed : c->needed;
    if ((hits_unread || end > c->fs_start) && c->hit_at == UINT64_MAX) {
        c->hits_unread = hits_unread;
        c->hit_at = to;
    }
}

void eboot_copy(struct eboot_copy *copy, const struct otapack_source *deflated)
{
    struct deflate_watch watch = {write_sector, copy, sector};
    copy->needed = copy->sent;
    copy->hit_at = UINT64_MAX;
    copy->hits_unread = false;
    copy->writes = 0;
    (void)deflate_unpack(deflated, NULL, copy->size, &watch);
    copy->hit_at = copy->hit_at == UINT64_MAX ? 0 : copy->hit_at;
}
