// Command temporal-server runs one Temporal server (all four services) with the Web UI in one
// process, for development, tests and benchmarks: on SQLite (in memory, or a file) or PostgreSQL.
// It takes the arguments of `temporal server start-dev` that the TypeScript SDK passes, so it can
// stand wherever that command can. It has no authentication: keep it on the loopback address.
package main

import (
	"errors"
	"fmt"
	"net"
	"os"

	"github.com/spf13/pflag"
	uiserver "github.com/temporalio/ui-server/v2/server"
	uiconfig "github.com/temporalio/ui-server/v2/server/config"
	uioptions "github.com/temporalio/ui-server/v2/server/server_options"
	"go.temporal.io/server/common/authorization"
	"go.temporal.io/server/common/log"
	"go.temporal.io/server/temporal"
)

func main() {
	args, err := parseArguments(os.Args[1:])
	if errors.Is(err, pflag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "temporal-server: %v (--help lists the arguments)\n", err)
		os.Exit(2)
	}
	if err := run(args); err != nil {
		fmt.Fprintln(os.Stderr, "temporal-server:", err)
		os.Exit(1)
	}
}

func run(args *arguments) error {
	if err := checkPort(args); err != nil {
		return err
	}
	if args.postgresSetup {
		if err := setUpPostgres(args.postgres); err != nil {
			return err
		}
	}
	conf, hosts, err := serverConfig(args)
	if err != nil {
		return err
	}
	dynamic, err := dynamicConfig(args.dynamicConfig)
	if err != nil {
		return err
	}
	authorizer, err := authorization.GetAuthorizerFromConfig(&conf.Global.Authorization)
	if err != nil {
		return err
	}
	logger := log.NewZapLogger(log.BuildZapLogger(log.Config{Level: args.logLevel, Format: args.logFormat}))
	server, err := temporal.NewServer(
		temporal.WithConfig(conf), temporal.ForServices(temporal.DefaultServices), temporal.WithStaticHosts(hosts),
		temporal.WithLogger(logger), temporal.WithAuthorizer(authorizer), temporal.WithDynamicConfigClient(dynamic))
	if err != nil {
		return err
	}
	if err := server.Start(); err != nil {
		return fmt.Errorf("cannot start: %w", err)
	}
	defer func() { _ = server.Stop() }()
	interrupted := temporal.InterruptCh()
	if err := registerNamespaces(args); err != nil {
		return err
	}
	if !args.headless {
		go serveUI(args)
	}
	<-interrupted
	return nil
}

// Temporal itself answers a taken port with a fatal log entry of a hundred lines.
func checkPort(args *arguments) error {
	listener, err := net.Listen("tcp", args.frontend())
	if err != nil {
		return fmt.Errorf("cannot listen: %w (choose another port with --port)", err)
	}
	return listener.Close()
}

// A Web UI that cannot listen must not end a server that works.
func serveUI(args *arguments) {
	ui := uiserver.NewServer(uioptions.WithConfigProvider(&uiconfig.Config{
		Host: args.ip, Port: args.uiPort, TemporalGRPCAddress: args.frontend(),
		EnableUI: true, CORS: uiconfig.CORS{CookieInsecure: true}, HideLogs: true, DisableNewsFetch: true,
	}))
	fmt.Fprintf(os.Stderr, "temporal-server: the Web UI on port %d has stopped: %v\n", args.uiPort, ui.Start())
}
