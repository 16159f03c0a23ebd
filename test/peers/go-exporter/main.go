// Sends numbered records, each with one e-mail address, by OpenTelemetry's Go SDK to an OTLP endpoint.
//
//	go-exporter --endpoint URL [--protocol http|grpc] [--records N] [--batch N] [--compression none|gzip]
//	            [--ca FILE] [--cert FILE --key FILE]
//
// For each batch that was settled a line of JSON says what the exporter was told: {"accepted":[0,1,2]} or
// {"refused":[0,1,2]}. Exit code 0: everything was accepted.
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"sync"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploggrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploghttp"
	"go.opentelemetry.io/otel/log"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	"go.opentelemetry.io/otel/sdk/resource"
	"google.golang.org/grpc/credentials"
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

type options struct {
	endpoint, protocol, compression string
	count, batch                    int
	ca, cert, key                   string
}

func main() {
	var given options
	flag.StringVar(&given.endpoint, "endpoint", "", "URL; over HTTP with its path")
	flag.StringVar(&given.protocol, "protocol", "http", "http or grpc")
	flag.IntVar(&given.count, "records", 2000, "number of records")
	flag.IntVar(&given.batch, "batch", 100, "records in a request")
	flag.StringVar(&given.compression, "compression", "none", "none or gzip")
	flag.StringVar(&given.ca, "ca", "", "PEM file of the authority to trust")
	flag.StringVar(&given.cert, "cert", "", "PEM file of the client certificate")
	flag.StringVar(&given.key, "key", "", "PEM file of its private key")
	flag.Parse()

	if err := run(given); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func makeExporter(ctx context.Context, given options) (sdklog.Exporter, error) {
	secure, err := tlsConfig(given)
	if err != nil {
		return nil, err
	}
	if given.protocol == "grpc" {
		options := []otlploggrpc.Option{
			otlploggrpc.WithEndpointURL(given.endpoint),
			otlploggrpc.WithTimeout(forever),
			otlploggrpc.WithRetry(otlploggrpc.RetryConfig{
				Enabled:         true,
				InitialInterval: 100 * time.Millisecond,
				MaxInterval:     time.Second,
				MaxElapsedTime:  forever,
			}),
		}
		if given.compression == "gzip" {
			options = append(options, otlploggrpc.WithCompressor("gzip"))
		}
		if secure != nil {
			options = append(options, otlploggrpc.WithTLSCredentials(credentials.NewTLS(secure)))
		}
		return otlploggrpc.New(ctx, options...)
	}
	options := []otlploghttp.Option{
		otlploghttp.WithEndpointURL(given.endpoint),
		otlploghttp.WithTimeout(forever),
		otlploghttp.WithRetry(otlploghttp.RetryConfig{
			Enabled:         true,
			InitialInterval: 100 * time.Millisecond,
			MaxInterval:     time.Second,
			MaxElapsedTime:  forever,
		}),
	}
	if given.compression == "gzip" {
		options = append(options, otlploghttp.WithCompression(otlploghttp.GzipCompression))
	}
	if secure != nil {
		options = append(options, otlploghttp.WithTLSClientConfig(secure))
	}
	return otlploghttp.New(ctx, options...)
}

// tlsConfig is nil where no authority is given.
func tlsConfig(given options) (*tls.Config, error) {
	if given.ca == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(given.ca)
	if err != nil {
		return nil, err
	}
	authorities := x509.NewCertPool()
	if !authorities.AppendCertsFromPEM(pem) {
		return nil, errors.New("there is no certificate in " + given.ca)
	}
	config := &tls.Config{RootCAs: authorities, MinVersion: tls.VersionTLS12}
	if given.cert != "" {
		own, err := tls.LoadX509KeyPair(given.cert, given.key)
		if err != nil {
			return nil, err
		}
		config.Certificates = []tls.Certificate{own}
	}
	return config, nil
}

func run(given options) error {
	ctx := context.Background()
	exporter, err := makeExporter(ctx, given)
	if err != nil {
		return err
	}
	reporter := &reporting{Exporter: exporter}
	provider := sdklog.NewLoggerProvider(
		sdklog.WithResource(resource.NewSchemaless(attribute.String("service.name", "peer-go"))),
		sdklog.WithProcessor(sdklog.NewBatchProcessor(
			reporter,
			sdklog.WithMaxQueueSize(given.count),
			sdklog.WithExportMaxBatchSize(given.batch),
			sdklog.WithExportInterval(50*time.Millisecond),
			sdklog.WithExportTimeout(forever),
		)),
	)
	logger := provider.Logger("peer")
	for number := range given.count {
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
