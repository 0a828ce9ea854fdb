// SPDX-License-Identifier: Apache-2.0
//
// The file is whole, and nothing in it is damaged. What the device does with it then, and what the
// checks of the tree say of that: a stream sees no more than is arriving, a tree sees all of it.
#include <inttypes.h>
#include <string.h>

#include "rcp_part.h"
#include "simulate_state.h"
#include "text.h"

// Whose part of the file a finding is about.
enum owner { OF_UPDATE, OF_APP, OF_RCP };

static enum owner owner_of(const struct node *n)
{
    for (; n != NULL; n = n->parent) {
        uint32_t tag = n->name == NULL ? OTAPACK_RCP_TABLE : rcp_part_tag(n->name);
        if (tag != OTAPACK_RCP_TABLE) {
            return tag == OTAPACK_RCP_HOST ? OF_APP : OF_RCP;
        }
        if (strcmp(n->format, "esp_image") == 0) {
            return OF_APP;
        }
        if (strcmp(n->format, "rcp_image") == 0) {
            return OF_RCP;
        }
    }
    return OF_UPDATE;
}

// What the device itself has answered by now, for the slot and the storage that it has.
static bool is_answered(enum check_id check)
{
    return check == CHECK_HOST_SLOT || check == CHECK_HOST_STORAGE ||
           check == CHECK_HOST_STORAGE_UPDATE || check == CHECK_HOST_UPDATE ||
           check == CHECK_HOST_UPDATE_AGAIN;
}

static const char *effect(enum owner owner, enum check_id check)
{
    if (check == CHECK_RCP_VERSION_MATCH || check == CHECK_RCP_VERSION_TEXT) {
        return "reflashes its RCP at every boot";
    }
    if (check == CHECK_MATTER_VERSION_MATCH) {
        return "reports the update as failed";
    }
    if (check == CHECK_HOST_TABLE) {
        return "has a partition table with a fault";
    }
    return owner == OF_RCP ? "flashes an RCP that does not start" : "does not do what it should";
}

// Calls for every finding that failed, in the order of the file, until one says no.
typedef bool finding_fn(struct simulating *s, const struct node *n, const struct finding *f);

static bool each_failed(struct simulating *s, const struct node *n, finding_fn *call)
{
    for (const struct finding *f = n->findings; f != NULL; f = f->next) {
        if (f->verdict == VERDICT_FAIL && !is_answered(f->check) && !call(s, n, f)) {
            return false;
        }
    }
    for (const struct node *part = n->parts; part != NULL; part = part->next) {
        if (!each_failed(s, part, call)) {
            return false;
        }
    }
    return true;
}

// Who refuses an app for what a check of it found.
enum refuser { NO_ONE, WHOEVER_VERIFIES, WHAT_BOOTS };

static enum refuser refuser_of(const struct node *n, enum check_id check)
{
    unsigned who = checks[check].who;
    if (owner_of(n) != OF_APP || check == CHECK_HOST_TABLE) {
        return NO_ONE;
    }
    if (check == CHECK_SLOT_CONTENT) {
        return WHOEVER_VERIFIES; // no app for this chip
    }
    return (who & WHO_OTA) != 0          ? WHOEVER_VERIFIES
           : (who & WHO_BOOTLOADER) != 0 ? WHAT_BOOTS
                                         : NO_ONE;
}

static const char *verifier(enum check_id check)
{
    return strncmp(checks[check].id, "sig-", 4) == 0
               ? "a device with Secure Boot does not take its signature"
           : check == CHECK_DEVICE_FLASH_MODE ? "esp_https_ota does not take it"
                                              : "esp_ota_end does not take it";
}

// What verifies images on the device sees more than the stream does.
static bool verify_app(struct simulating *s, const struct node *n, const struct finding *f)
{
    return refuser_of(n, f->check) != WHOEVER_VERIFIES ||
           refuse_at(s, s->out->received, s->app_name, "%s: %s [%s]", verifier(f->check),
                     f->message, checks[f->check].id);
}

// What the stream lets pass of a header, and those who publish updates do not.
static bool verify_offer(struct simulating *s, const struct node *n, const struct finding *f)
{
    bool text = f->check == CHECK_MATTER_VERSION_STRING || f->check == CHECK_MATTER_RELEASE_NOTES;
    return !text || refuse_at(s, n->src.base, "matter", "no provider offers it: %s [%s]",
                              f->message, checks[f->check].id);
}

bool simulate_offer(struct simulating *s, const struct node *tree)
{
    return each_failed(s, tree, verify_offer);
}

// The device takes the rest, and lives with it.
static bool live_with(struct simulating *s, const struct node *n, const struct finding *f)
{
    if (refuser_of(n, f->check) == WHAT_BOOTS) {
        return true; // it has been said
    }
    const char *path = node_path(s->arena, n);
    const char *root = s->in_matter ? "matter" : s->rcp_version != NULL ? "table" : "app";
    const char *what = effect(owner_of(n), f->check);
    s->effect = s->effect == NULL ? what : s->effect;
    add_step(s, n->src.base, *path == '\0' ? root : path, STEP_BROKEN, "the device %s: %s [%s]",
             what, f->message, checks[f->check].id);
    return true;
}

static bool boot_app(struct simulating *s)
{
    struct device_change change;
    uint64_t end = s->out->received;
    const struct otapack_partition *p = device_target(s->device, s->slot);
    enum device_answer answer = device_select(s->device, s->slot, &change);
    if (device_takes(answer)) {
        s->effect = "does not start the update";
        add_step(s, end, "ota_data", STEP_BROKEN, "the device %s: %s", s->effect,
                 device_text(answer));
        return true;
    }
    if (answer != DEVICE_OK) {
        return refuse_answer(s, end, "ota_data", answer);
    }
    struct step *step =
        add_step(s, end, "ota_data", STEP_OK, "entry %u gets ota_seq %" PRIu32 ": %s boots next%s",
                 change.entry, change.ota_seq, partition_label(s->arena, p),
                 s->device->rollback ? ", on trial until it confirms that it works" : "");
    add_place(s, step, device_ota_data(s->device), OTAPACK_OTA_ENTRY_SIZE);
    for (int i = 0; i < DEVICE_SLOTS; i++) {
        const struct otapack_partition *other = device_target(s->device, i);
        if (other != NULL && other->size < s->app_written) {
            add_step(s, s->app_at, s->app_name, STEP_WARN,
                     "%s is smaller, with %s bytes: a later update of this size would not fit "
                     "there",
                     partition_label(s->arena, other), text_count(s->arena, other->size));
        }
    }
    return true;
}

// The app that was written is no app for the bootloader, which goes on to the next one.
static bool starts(void *ctx, const struct otapack_partition *app)
{
    const struct simulating *s = ctx;
    return app->offset != device_target(s->device, s->slot)->offset;
}

// What only the bootloader asks of an app shows when it is to start. It stops at the first fault.
static bool load_app(struct simulating *s, const struct node *n, const struct finding *f)
{
    if (refuser_of(n, f->check) != WHAT_BOOTS) {
        return true;
    }
    struct device after = *s->device;
    after.starts = starts;
    after.ctx = s;
    (void)device_boot(&after);
    const struct otapack_partition *other = device_partition(&after, after.running);
    s->device->starts = starts;
    s->device->ctx = s;
    s->effect = "does not start the update";
    add_step(s, s->out->received, "bootloader", STEP_BROKEN,
             "it does not start %s, but %s: %s [%s]",
             partition_label(s->arena, device_target(s->device, s->slot)),
             other == NULL ? "resets the device, for ever" : partition_label(s->arena, other),
             f->message, checks[f->check].id);
    return false;
}

// At the next boot, the border router compares the version with what its RCP reports.
static void boot_rcp(struct simulating *s)
{
    const char *reports =
        s->out->device == SIMULATED_BORDER_ROUTER ? s->options->running_version : NULL;
    uint64_t end = s->out->received;
    if (reports == NULL) {
        add_step(s, end, "rcp", STEP_OK,
                 "it is reflashed at the next boot, unless it reports this version by then");
    } else if (strcmp(reports, s->rcp_version) == 0) {
        add_step(s, end, "rcp", STEP_OK,
                 "it is not reflashed: it reports the version of the RCP part");
    } else {
        add_step(s, end, "rcp", STEP_OK,
                 "it is reflashed at the next boot: it reports '%s', which is not the version of "
                 "the RCP part",
                 text_utf8(s->arena, reports, strlen(reports)));
    }
}

void simulate_end(struct simulating *s, const struct node *tree)
{
    bool has_app = s->slot != DEVICE_NOTHING;
    // A Matter device ends the RCP's part before it verifies the app.
    if (s->rcp_version != NULL && s->in_matter) {
        boot_rcp(s);
    }
    if (s->in_matter && !has_app) {
        refuse_at(s, s->out->received, "matter",
                  "there is no app in it, so that esp_ota_end has nothing to verify, and fails");
        return;
    }
    if (has_app && (!each_failed(s, tree, verify_app) || !boot_app(s))) {
        return;
    }
    if (has_app && s->effect == NULL) {
        (void)each_failed(s, tree, load_app);
    }
    if (s->rcp_version != NULL && !s->in_matter) {
        boot_rcp(s);
    }
    (void)each_failed(s, tree, live_with);
}
