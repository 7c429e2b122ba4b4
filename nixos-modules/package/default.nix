# Both programs as native code. nuget-deps.json lists every NuGet package with its hash; docs/nixos.md says how it is made.
{
  lib,
  stdenv,
  buildDotnetModule,
  dotnetCorePackages,
  openssl,
  # What `--version` names besides the number.
  revision ? null,
}:
let
  properties = builtins.readFile ../../Directory.Build.props;
  # The one place that has the version.
  version = builtins.head (builtins.match ".*<Version>([^<]*)</Version>.*" properties);
in
buildDotnetModule {
  pname = "harmonia";
  inherit version;

  src = lib.fileset.toSource {
    root = ../..;
    fileset = lib.fileset.unions [
      ../../.ci/BannedSymbols.txt
      ../../.editorconfig
      ../../Directory.Build.props
      ../../Directory.Packages.props
      ../../Harmonia.Cache
      ../../Harmonia.Daemon
      ../../Harmonia.Protocol
      ../../LICENSE
      ../../global.json
    ];
  };

  projectFile = [
    "Harmonia.Daemon/Harmonia.Daemon.csproj"
    "Harmonia.Cache/Harmonia.Cache.csproj"
  ];
  nugetDeps = ./nuget-deps.json;

  dotnet-sdk = dotnetCorePackages.sdk_10_0;
  # Native programs need no runtime. They count as self-contained, which trimming asks for.
  dotnet-runtime = null;
  selfContainedBuild = true;
  # In every phase: restore fetches the ahead-of-time compiler only if it knows that it is needed.
  dotnetFlags = [
    "-p:PublishAot=true"
    "-p:RunAnalyzers=false"
    "-p:RestoreLockedMode=false"
  ]
  ++ lib.optional (revision != null) "-p:SourceRevisionId=${revision}";

  # The linker of native programs.
  nativeBuildInputs = [ stdenv.cc ];
  # Opened by its name at run time.
  runtimeDeps = [ openssl ];
  executables = [
    "harmonia-cache"
    "harmonia-daemon"
  ];

  postInstall = ''
    install -D --mode 644 --target-directory "$out/share/harmonia" "$out/lib/harmonia/harmonia-grafana-dashboard.json"
    rm --force "$out"/lib/harmonia/*.{dbg,json,pdb,xml}
    install -D --mode 644 LICENSE "$out/share/doc/harmonia/LICENSE"
  '';

  doInstallCheck = true;
  installCheckPhase = ''
    runHook preInstallCheck
    "$out/bin/harmonia-cache" --version | grep --fixed-strings ${version}
    "$out/bin/harmonia-daemon" --version | grep --fixed-strings ${version}
    runHook postInstallCheck
  '';

  meta = {
    description = "Binary cache and store daemon for Nix";
    license = lib.licenses.mit;
    mainProgram = "harmonia-cache";
    platforms = [
      "x86_64-linux"
      "aarch64-linux"
    ];
  };
}
