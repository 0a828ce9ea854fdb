/* SPDX-License-Identifier: Apache-2.0
 *
 * A border router's update: host and RCP in one file, taken apart while it arrives.
 *
 *     static struct update update;
 *     struct update_options options = {.size_known = content_length > 0, .size = content_length};
 *     esp_err_t err = update_begin(&update, &options);
 *     while (err == ESP_OK && (n = receive(buffer, sizeof(buffer))) > 0)
 *         err = update_receive(&update, buffer, n);
 *     if (err == ESP_OK)
 *         err = update_end(&update);
 *     if (err == ESP_OK)
 *         esp_restart();
 *
 * Taken is a combined image, and a Matter image around one. An app alone is refused: the RCP's
 * firmware belongs to the host's. A combined image without a host updates only the RCP, unless a
 * Matter header is around it, whose software version only a host could have.
 *
 * Call it from one task. esp_rcp_update_init must have been called, its storage be mounted.
 */
#ifndef UPDATE_H
#define UPDATE_H

#include "esp_err.h"
#include "esp_ota_ops.h"
#include "update_seal.h"
#include "update_trust.h"
#include <otapack_esp/hashes.h>
#include <stdio.h>

struct update_options {
    bool size_known;           /* is announced: do so wherever it is */
    uint64_t size;             /* of the file, in bytes, if so */
    uint32_t software_version; /* Matter's number of this firmware; 0: take any */
};

/* About 2.5 KB, and 3 more where signatures are verified: static, or on the heap, but not on the
 * stack of a task. Nothing in it is public. */
struct update {
    struct update_options options;
    bool open;
    esp_err_t err; /* what ended it */

    const esp_partition_t *slot; /* of the host; NULL: this update has none */
    esp_ota_handle_t ota;
    bool ota_open;
    struct otapack_app_desc host;

    FILE *rcp;
    int8_t seq; /* of the RCP's image */
    bool in_matter;

    struct otapack_esp_hashes hashes;
    struct update_trust trust;
    struct update_seal seal;
    struct otapack_stream_hooks hooks;
    struct otapack_stream stream;
};

/*
 * Begins an update. What is there already is not touched before the file's first bytes are good.
 *
 *   ESP_ERR_OTA_VALIDATE_FAILED         a file of so many bytes cannot be one
 *   ESP_ERR_OTA_ROLLBACK_INVALID_STATE  the running host is not confirmed yet
 */
esp_err_t update_begin(struct update *u, const struct update_options *options);

/*
 * Takes the next bytes, however many. After anything but ESP_OK the update is over, and all that it
 * held is released:
 *
 *   ESP_ERR_INVALID_SIZE         the file, or a part, ends early, or the host exceeds its slot
 *   ESP_ERR_INVALID_CRC          a checksum, hash or digest is wrong, or the host's seal is not of
 *                                the RCP's firmware before it
 *   UPDATE_ERR_NO_SEAL           the host has no seal, and menuconfig says that it must
 *   ESP_ERR_OTA_VALIDATE_FAILED  some other thing about the file is wrong, or nobody who is trusted
 *                                has signed it
 *   ESP_ERR_NOT_SUPPORTED        another chip; not for a border router; a digest of unknown kind;
 *                                for the RCP alone, where that is not taken
 *   ESP_ERR_INVALID_VERSION      the version that runs, or was rolled back; Matter, and where
 *                                menuconfig says so: an older one
 *   ESP_ERR_OTA_SMALL_SEC_VER    the secure version is below that of what runs
 *   ESP_ERR_NOT_FOUND            there is no slot for the host
 *   ESP_FAIL                     the storage failed, or is full
 *
 * or what esp_ota_begin and esp_ota_write said.
 */
esp_err_t update_receive(struct update *u, const void *data, size_t size);

/*
 * The file has ended. ESP_OK: it was whole and good, and both halves run after a restart. Else
 * neither does: as above, UPDATE_ERR_OTHER_SEAL if what the storage gives back is not what the seal
 * is of, or what esp_ota_end, esp_ota_set_boot_partition or esp_rcp_submit_new_image said. Either
 * way all is released.
 */
esp_err_t update_end(struct update *u);

/* Gives up. May be called at any time after update_begin. */
void update_abort(struct update *u);

/* ---- At each start -------------------------------------------------------------------------- */

/*
 * First, after esp_rcp_update_init and before the RCP's version is looked at: takes the RCP image
 * that belongs to the host that runs, if the power failed while update_end switched from one to the
 * other, or the bootloader went back to the host from before. After anything but ESP_OK, take no
 * update until the next start: it might overwrite the image that is needed.
 */
esp_err_t update_settle(void);

/*
 * Next, before the RCP may be flashed: is the image in use the one that this host's seal is of? If
 * the host has no seal, any is taken, unless menuconfig requires one. After anything but ESP_OK,
 * which the log explains, flash nothing, and go on with what the RCP has: UPDATE_ERR_OTHER_SEAL,
 * UPDATE_ERR_NO_SEAL, ESP_FAIL if the image cannot be read, or what esp_partition_read said.
 */
esp_err_t update_judge_rcp(void);

/* The new host's first start: if it is not confirmed, the next start is that of the one before. */
bool update_is_unconfirmed(void);

/*
 * Then, once it is known whether this host works. At a first start it stays if so, and else the
 * device restarts with the host from before; where there is none to go back to, it stays too. At
 * other starts, and for a factory app, there is nothing to confirm, and ESP_OK. What else it
 * returns is what esp_ota_mark_app_valid_cancel_rollback said: do not stop for that, no update is
 * taken meanwhile, and the next start goes back.
 */
esp_err_t update_confirm(bool works);

#endif
