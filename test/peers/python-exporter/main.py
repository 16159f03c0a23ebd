"""Sends numbered records, each with one e-mail address, by OpenTelemetry's Python SDK to an OTLP endpoint.

    main.py --endpoint URL [--protocol http|grpc] [--records N] [--batch N] [--compression none|gzip]
            [--ca FILE] [--cert FILE --key FILE]

For each batch that was settled a line of JSON says what the exporter was told: {"accepted": [0, 1, 2]} or
{"refused": [0, 1, 2]}. Exit code 0: everything was accepted.
"""

import argparse
import json
import sys
import time
from pathlib import Path

import grpc
from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.exporter.otlp.proto.grpc._log_exporter import OTLPLogExporter as GrpcExporter
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter as HttpExporter
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor, LogRecordExportResult
from opentelemetry.sdk.resources import Resource

# Seconds; longer than anything takes: what is tested is whether records arrive, not when.
FOREVER = 600


class Reporting:
    """Writes down what became of each batch."""

    refused = 0

    def export(self, batch):
        result = super().export(batch)
        accepted = result is LogRecordExportResult.SUCCESS
        numbers = [item.log_record.attributes["sequence"] for item in batch]
        if not accepted:
            self.refused += len(numbers)
        print(json.dumps({"accepted" if accepted else "refused": numbers}), flush=True)
        return result


class ReportingHttpExporter(Reporting, HttpExporter):
    pass


class ReportingGrpcExporter(Reporting, GrpcExporter):
    pass


def make_exporter(options):
    gzip = options.compression == "gzip"
    if options.protocol == "http":
        return ReportingHttpExporter(
            endpoint=options.endpoint,
            timeout=FOREVER,
            compression=Compression.Gzip if gzip else Compression.NoCompression,
            certificate_file=options.ca,
            client_certificate_file=options.cert,
            client_key_file=options.key,
        )

    def read(file):
        return None if file is None else Path(file).read_bytes()

    return ReportingGrpcExporter(
        endpoint=options.endpoint,
        timeout=FOREVER,
        compression=grpc.Compression.Gzip if gzip else grpc.Compression.NoCompression,
        insecure=options.ca is None,
        credentials=None
        if options.ca is None
        else grpc.ssl_channel_credentials(read(options.ca), read(options.key), read(options.cert)),
    )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--endpoint", required=True)
    parser.add_argument("--protocol", choices=["http", "grpc"], default="http")
    parser.add_argument("--records", type=int, default=2000)
    parser.add_argument("--batch", type=int, default=100)
    parser.add_argument("--compression", choices=["none", "gzip"], default="none")
    parser.add_argument("--ca")
    parser.add_argument("--cert")
    parser.add_argument("--key")
    options = parser.parse_args()

    exporter = make_exporter(options)
    processor = BatchLogRecordProcessor(
        exporter,
        schedule_delay_millis=50,
        max_export_batch_size=options.batch,
        max_queue_size=options.records,
    )
    provider = LoggerProvider(resource=Resource({"service.name": "peer-python"}), shutdown_on_exit=False)
    provider.add_log_record_processor(processor)
    logger = provider.get_logger("peer")
    for number in range(options.records):
        address = f"customer-{number}@example.com"
        in_body = number % 2 == 0
        logger.emit(
            LogRecord(
                timestamp=time.time_ns(),
                severity_number=SeverityNumber.INFO,
                severity_text="INFO",
                body=f"order {number} of {address} was paid" if in_body else f"order {number} was paid",
                attributes={"sequence": number} if in_body else {"sequence": number, "customer": address},
            )
        )
    provider.force_flush(FOREVER * 1000)
    provider.shutdown()
    sys.exit(1 if exporter.refused > 0 else 0)


main()
