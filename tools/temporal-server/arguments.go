package main

import (
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/pflag"
	"go.temporal.io/api/enums/v1"
)

type arguments struct {
	ip               string
	port             int
	uiPort           int
	httpPort         int
	metricsPort      int
	pprofPort        int
	headless         bool
	dbFilename       string
	postgres         string
	postgresSetup    bool
	shards           int32
	namespaces       []string
	searchAttributes map[string]enums.IndexedValueType
	dynamicConfig    []string
	pragmas          []string
	logLevel         string
	logFormat        string
}

func (a *arguments) frontend() string { return net.JoinHostPort(a.ip, strconv.Itoa(a.port)) }

func parseArguments(argv []string) (*arguments, error) {
	a := &arguments{}
	var searchAttributes []string
	flags := pflag.NewFlagSet("temporal-server [server start-dev]", pflag.ContinueOnError)
	flags.SortFlags = false
	flags.StringVar(&a.ip, "ip", "127.0.0.1", "address to listen on")
	flags.IntVarP(&a.port, "port", "p", 7233, "gRPC port")
	flags.IntVar(&a.uiPort, "ui-port", 0, "Web UI port (default: port + 1000)")
	flags.IntVar(&a.httpPort, "http-port", 0, "HTTP API port (default: a free one)")
	flags.BoolVar(&a.headless, "headless", false, "no Web UI")
	flags.IntVar(&a.metricsPort, "metrics-port", 0, "Prometheus port (default: none)")
	flags.IntVar(&a.pprofPort, "pprof-port", 0, "Go profiler port (default: none)")
	flags.StringVarP(&a.dbFilename, "db-filename", "f", "", "SQLite file (default: in memory)")
	flags.StringArrayVar(&a.pragmas, "sqlite-pragma", nil, "name=value, with --db-filename (repeatable)")
	flags.StringVar(&a.postgres, "postgres", "", "user:password@host:port; databases temporal and temporal_visibility, schema set up")
	flags.BoolVar(&a.postgresSetup, "postgres-setup", false, "make both databases with their schema first")
	flags.Int32Var(&a.shards, "shards", 1, "history shards (a database keeps the number that it began with)")
	flags.StringArrayVarP(&a.namespaces, "namespace", "n", nil, "namespace to register besides default (repeatable)")
	flags.StringArrayVar(&searchAttributes, "search-attribute", nil, "Name=Type to register in each namespace, e.g. Team=Keyword (repeatable)")
	flags.StringArrayVar(&a.dynamicConfig, "dynamic-config-value", nil, "key=JSON (repeatable)")
	flags.StringVar(&a.logLevel, "log-level", "warn", "debug, info, warn, error or never")
	flags.StringVar(&a.logFormat, "log-format", "text", "text, pretty (same as text) or json")
	if err := flags.Parse(argv); err != nil {
		return nil, err
	}
	if words := flags.Args(); len(words) > 0 && !slices.Equal(words, []string{"server", "start-dev"}) {
		return nil, fmt.Errorf("unknown command %q: only `server start-dev` is understood", strings.Join(words, " "))
	}
	if a.postgres != "" && (a.dbFilename != "" || len(a.pragmas) > 0) {
		return nil, fmt.Errorf("--postgres excludes --db-filename and --sqlite-pragma")
	}
	if !slices.Contains(a.namespaces, "default") {
		a.namespaces = append([]string{"default"}, a.namespaces...)
	}
	if a.uiPort == 0 {
		a.uiPort = a.port + 1000
	}
	return a, a.check(searchAttributes)
}

func (a *arguments) check(searchAttributes []string) error {
	a.searchAttributes = map[string]enums.IndexedValueType{}
	for _, attribute := range searchAttributes {
		name, typeName, _ := strings.Cut(attribute, "=")
		valueType, err := enums.IndexedValueTypeFromString(typeName)
		if err != nil || name == "" || valueType == enums.INDEXED_VALUE_TYPE_UNSPECIFIED {
			return fmt.Errorf("--search-attribute %s: wanted Name=Type with Text, Keyword, Int, Double, Bool, Datetime or KeywordList", attribute)
		}
		a.searchAttributes[name] = valueType
	}
	switch a.logLevel {
	case "debug", "info", "warn", "error":
	case "never":
		a.logLevel = "fatal"
	default:
		return fmt.Errorf("--log-level %s: wanted debug, info, warn, error or never", a.logLevel)
	}
	switch a.logFormat {
	case "text", "pretty":
		a.logFormat = "console"
	case "json":
	default:
		return fmt.Errorf("--log-format %s: wanted text, pretty or json", a.logFormat)
	}
	return nil
}
