/* SPDX-License-Identifier: Apache-2.0
 *
 * otapack/otapack.h: every parser of the module. Each header also stands alone.
 */
#ifndef OTAPACK_H
#define OTAPACK_H

#include "app_desc.h"
#include "base.h"
#include "bootloader_desc.h"
#include "bundle_seal.h"
#include "compressed_image.h"
#include "delta.h"
#include "esp8266_image.h"
#include "esp8266_signature.h"
#include "esp_encrypted_img.h"
#include "esp_image.h"
#include "gzip.h"
#include "intel_hex.h"
#include "littlefs.h"
#include "littlefs_file.h"
#include "matter.h"
#include "matter_bundle.h"
#include "ota_data.h"
#include "partition_table.h"
#include "rboot.h"
#include "rcp_image.h"
#include "rcp_seal.h"
#include "secure_boot.h"
#include "spiffs.h"
#include "stream.h"
#include "stream_alone.h"
#include "stream_bundle.h"
#include "stream_bundle_seal.h"
#include "stream_seal.h"
#include "stream_signatures.h"
#include "stream_zigbee.h"
#include "tlv.h"
#include "uf2.h"
#include "zigbee.h"
#include "zlib.h"

#endif
