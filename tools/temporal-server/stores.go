package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	"go.temporal.io/server/common/config"
	_ "go.temporal.io/server/common/persistence/sql/sqlplugin/postgresql"
	"go.temporal.io/server/common/persistence/sql/sqlplugin/sqlite"
	sqliteschema "go.temporal.io/server/schema/sqlite"
)

func stores(args *arguments) (config.Persistence, error) {
	primary, visibility, err := sqlStores(args)
	return config.Persistence{
		DefaultStore: "main", VisibilityStore: "visibility", NumHistoryShards: args.shards,
		DataStores: map[string]config.DataStore{"main": {SQL: primary}, "visibility": {SQL: visibility}},
	}, err
}

func sqlStores(args *arguments) (primary, visibility *config.SQL, err error) {
	if args.postgres != "" {
		return postgresStores(args.postgres)
	}
	store, err := sqliteStore(args)
	return store, store, err
}

// postgresTarget reads user:password@host:port.
func postgresTarget(target string) (user, password, address string, err error) {
	at := strings.LastIndex(target, "@") // the last one: a password may hold others
	if at < 1 || at == len(target)-1 {
		return "", "", "", fmt.Errorf("--postgres: wanted user:password@host:port")
	}
	user, password, _ = strings.Cut(target[:at], ":")
	return user, password, target[at+1:], nil
}

func postgresStores(target string) (primary, visibility *config.SQL, err error) {
	user, password, address, err := postgresTarget(target)
	if err != nil {
		return nil, nil, err
	}
	store := func(database string) *config.SQL {
		return &config.SQL{
			PluginName: "postgres12", User: user, Password: password, ConnectAddr: address, ConnectProtocol: "tcp",
			DatabaseName: database, MaxConns: 20, MaxIdleConns: 20, MaxConnLifetime: time.Hour,
		}
	}
	return store("temporal"), store("temporal_visibility"), nil
}

// One database holds both stores. Namespaces are written before the server starts, because the
// SDK takes the first answer of the frontend for a server that is ready.
func sqliteStore(args *arguments) (*config.SQL, error) {
	store := &config.SQL{
		PluginName: sqlite.PluginName, DatabaseName: "memory",
		ConnectAttributes: map[string]string{"mode": "memory", "cache": "shared"},
	}
	if args.dbFilename != "" {
		store.DatabaseName, store.ConnectAttributes = args.dbFilename, map[string]string{"mode": "rwc"}
	}
	for _, pragma := range args.pragmas {
		name, value, _ := strings.Cut(pragma, "=")
		store.ConnectAttributes[name] = value
	}
	if args.dbFilename != "" {
		// In memory the plug-in sets the schema up by itself. An empty file is one that a test has reserved.
		if info, err := os.Stat(args.dbFilename); os.IsNotExist(err) || (err == nil && info.Size() == 0) {
			if err := sqliteschema.SetupSchema(store); err != nil {
				return nil, fmt.Errorf("cannot set up the database file %s: %w", args.dbFilename, err)
			}
		}
	}
	var namespaces []*sqliteschema.NamespaceConfig
	for _, name := range args.namespaces {
		namespace, err := sqliteschema.NewNamespaceConfig(clusterName, name, false, args.searchAttributes)
		if err != nil {
			return nil, fmt.Errorf("cannot prepare the namespace %s: %w", name, err)
		}
		namespaces = append(namespaces, namespace)
	}
	if err := sqliteschema.CreateNamespaces(store, namespaces...); err != nil {
		return nil, fmt.Errorf("cannot open the database %s: %w", store.DatabaseName, err)
	}
	return store, nil
}
