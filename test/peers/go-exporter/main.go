// Sends numbered records, each with one e-mail address, by OpenTelemetry's Go SDK to an OTLP/HTTP endpoint.
//
//	go-exporter --endpoint URL [--records N] [--batch N] [--compression none|gzip]
//
// For each batch that was settled a line of JSON says what the exporter was told: {"accepted":[0,1,2]} or
// {"refused":[0,1,2]}. Exit code 0: everything was accepted.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"sync"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploghttp"
	"go.opentelemetry.io/otel/log"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	"go.opentelemetry.io/otel/sdk/resource"
)

// Longer than anything takes: what is tested is whether records arrive, not when.
const forever = 10 * time.Minute

// reporting writes down what became of each batch.
type reporting struct {
	sdklog.Exporter
	lock    sync.Mutex
	refused int
}

func (r *reporting) Export(ctx context.Context, records []sdklog.Record) error {
	numbers := make([]int64, 0, len(records))
	for _, record := range records {
		record.WalkAttributes(func(entry attribute.KeyValue) bool {
			if entry.Key == "sequence" {
				numbers = append(numbers, entry.Value.AsInt64())
			}
			return true
		})
	}
	err := r.Exporter.Export(ctx, records)
	outcome := "accepted"
	r.lock.Lock()
	defer r.lock.Unlock()
	if err != nil {
		outcome = "refused"
		r.refused += len(records)
		fmt.Fprintln(os.Stderr, err)
	}
	line, _ := json.Marshal(map[string][]int64{outcome: numbers})
	fmt.Println(string(line))
	return err
}

func main() {
	endpoint := flag.String("endpoint", "", "URL with its path")
	count := flag.Int("records", 2000, "number of records")
	batch := flag.Int("batch", 100, "records in a request")
	compression := flag.String("compression", "none", "none or gzip")
	flag.Parse()

	if err := run(*endpoint, *count, *batch, *compression == "gzip"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(endpoint string, count int, batch int, gzip bool) error {
	ctx := context.Background()
	options := []otlploghttp.Option{
		otlploghttp.WithEndpointURL(endpoint),
		otlploghttp.WithTimeout(forever),
		otlploghttp.WithRetry(otlploghttp.RetryConfig{
			Enabled:         true,
			InitialInterval: 100 * time.Millisecond,
			MaxInterval:     time.Second,
			MaxElapsedTime:  forever,
		}),
	}
	if gzip {
		options = append(options, otlploghttp.WithCompression(otlploghttp.GzipCompression))
	}
	exporter, err := otlploghttp.New(ctx, options...)
	if err != nil {
		return err
	}
	reporter := &reporting{Exporter: exporter}
	provider := sdklog.NewLoggerProvider(
		sdklog.WithResource(resource.NewSchemaless(attribute.String("service.name", "peer-go"))),
		sdklog.WithProcessor(sdklog.NewBatchProcessor(
			reporter,
			sdklog.WithMaxQueueSize(count),
			sdklog.WithExportMaxBatchSize(batch),
			sdklog.WithExportInterval(50*time.Millisecond),
			sdklog.WithExportTimeout(forever),
		)),
	)
	logger := provider.Logger("peer")
	for number := range count {
		var record log.Record
		record.SetTimestamp(time.Now())
		record.SetSeverity(log.SeverityInfo)
		record.AddAttributes(attribute.Int("sequence", number))
		address := fmt.Sprintf("customer-%d@example.com", number)
		if number%2 == 0 {
			record.SetBody(attribute.StringValue(fmt.Sprintf("order %d of %s was paid", number, address)))
		} else {
			record.SetBody(attribute.StringValue(fmt.Sprintf("order %d was paid", number)))
			record.AddAttributes(attribute.String("customer", address))
		}
		logger.Emit(ctx, record)
	}
	if err := provider.Shutdown(ctx); err != nil {
		return err
	}
	if reporter.refused > 0 {
		return fmt.Errorf("%d records were refused", reporter.refused)
	}
	return nil
}
