/* SPDX-License-Identifier: Apache-2.0 */
#include "classes.h"

enum { /* in the order of the stub */
       REPORT_VALID,
       REPORT_FORMAT,
       REPORT_BASE_FOLDER,
       REPORT_UUID,
       REPORT_CONTAINER_BYTES,
       REPORT_ENTRIES,
       REPORT_PAYLOAD_FILES,
       REPORT_PAYLOAD_BYTES,
       REPORT_FAILURE_COUNT,
       REPORT_SHA256,
       REPORT_FINDINGS,
       REPORT_FINDING_TOTAL,
       REPORT_FOREIGN,
       REPORT_JOB_JSON,
       REPORT_REQUESTED_AT,
       REPORT_COLLECTED_AT,
       REPORT_LINKS
};

void php_arv_report_make(zval *into, const arv_report *report)
{
    zval finding;
    zend_object *made = php_arv_value_make(into, php_arv_ce_Report);
    zval *findings = php_arv_property(made, REPORT_FINDINGS);
    array_init_size(findings, (uint32_t)report->finding_count);
    for (size_t i = 0; i < report->finding_count; i++) {
        php_arv_finding_make(&finding, &report->findings[i]);
        add_next_index_zval(findings, &finding);
    }
    ZVAL_BOOL(php_arv_property(made, REPORT_VALID), report->valid);
    ZVAL_OBJ_COPY(php_arv_property(made, REPORT_FORMAT), php_arv_format_case(report->format));
    php_arv_set_text(made, REPORT_BASE_FOLDER, report->base_folder);
    php_arv_set_text(made, REPORT_UUID, report->uuid[0] ? report->uuid : NULL);
    php_arv_set_number(made, REPORT_CONTAINER_BYTES, report->container_bytes);
    php_arv_set_number(made, REPORT_ENTRIES, report->entries);
    php_arv_set_number(made, REPORT_PAYLOAD_FILES, report->payload_files);
    php_arv_set_number(made, REPORT_PAYLOAD_BYTES, report->payload_bytes);
    php_arv_set_number(made, REPORT_FAILURE_COUNT, report->failures);
    php_arv_set_digest(made, REPORT_SHA256, &report->container, ARV_DIGEST_SHA256);
    php_arv_set_number(made, REPORT_FINDING_TOTAL, report->finding_total);
    ZVAL_BOOL(php_arv_property(made, REPORT_FOREIGN), report->foreign);
    if (report->job_json)
        ZVAL_STRINGL(php_arv_property(made, REPORT_JOB_JSON), report->job_json, report->job_json_bytes);
    else
        ZVAL_NULL(php_arv_property(made, REPORT_JOB_JSON));
    php_arv_set_time(made, REPORT_REQUESTED_AT, report->requested_at_unix, ARV_TIME_UNKNOWN);
    php_arv_set_time(made, REPORT_COLLECTED_AT, report->collected_at_unix, ARV_TIME_UNKNOWN);
    php_arv_set_number(made, REPORT_LINKS, report->links);
}
