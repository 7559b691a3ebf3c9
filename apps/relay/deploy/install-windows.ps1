<#
.SYNOPSIS
  Installs the Banya relay on Windows so that it starts with the computer.
.EXAMPLE
  powershell -ExecutionPolicy Bypass -File .\install-windows.ps1 -Server https://banya.example.jp -Source SOURCE
.EXAMPLE
  powershell -ExecutionPolicy Bypass -File .\install-windows.ps1 -Uninstall
#>
param(
  [string]$Server,
  [string]$Source,
  [string]$Listen = '0.0.0.0:514',
  [string]$SpoolMax = '1GiB',
  [switch]$Uninstall
)
$ErrorActionPreference = 'Stop'
$TaskName = 'BanyaRelay'
$Program = Join-Path $env:ProgramFiles 'BanyaRelay'
$Data = Join-Path $env:ProgramData 'BanyaRelay'

$identity = [Security.Principal.WindowsPrincipal][Security.Principal.WindowsIdentity]::GetCurrent()
if (-not $identity.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)) {
  throw 'Open PowerShell with "Run as administrator" and try again. / PowerShell を「管理者として実行」で開いて、もう一度お試しください。'
}

function Remove-Relay {
  if (Get-ScheduledTask -TaskName $TaskName -ErrorAction SilentlyContinue) {
    Stop-ScheduledTask -TaskName $TaskName
    Unregister-ScheduledTask -TaskName $TaskName -Confirm:$false
  }
  Get-NetFirewallRule -Group $TaskName -ErrorAction SilentlyContinue | Remove-NetFirewallRule
}

if ($Uninstall) {
  Remove-Relay
  if (Test-Path $Program) { Remove-Item -Recurse -Force $Program }
  Write-Host "Removed. Waiting lines and the token are still in $Data. / 削除しました。未送信のログとトークンは $Data に残っています。"
  exit 0
}

if (-not $Server -or -not $Source) { throw 'Give -Server and -Source. / -Server と -Source を指定してください。' }
if ($Server -notmatch '^https://[^"\s]+$' -or $Source -notmatch '^[A-Za-z0-9._-]+$' -or $Listen -notmatch '^[0-9a-fA-F.:\[\]]+:\d+$' -or $SpoolMax -notmatch '^\d+[KMG]i?B$') {
  throw 'One of -Server, -Source, -Listen, -SpoolMax is not in the right form. / 指定の形が正しくありません。'
}
$node = Get-Command node -ErrorAction SilentlyContinue
if (-not $node) { throw 'Install Node.js 24 (LTS) from https://nodejs.org first. / 先に https://nodejs.org から Node.js 24 (LTS) を入れてください。' }
$version = [version]((& $node.Source --version).TrimStart('v'))
if ($version -lt [version]'22.2.0') { throw "Node.js $version is too old; 24 (LTS) is needed. / Node.js $version は古いため、24 (LTS) を入れてください。" }

Remove-Relay
New-Item -ItemType Directory -Force -Path $Program, $Data, (Join-Path $Data 'spool') | Out-Null
Copy-Item -Path (Join-Path $PSScriptRoot '*') -Destination $Program -Recurse -Force

# Only the system and administrators may read the token and the lines.
icacls $Data /inheritance:r /grant:r '*S-1-5-18:(OI)(CI)F' '*S-1-5-32-544:(OI)(CI)F' | Out-Null
$tokenFile = Join-Path $Data 'token'
if (-not (Test-Path $tokenFile)) {
  $secret = Read-Host 'Token / トークン' -AsSecureString
  $plain = [Runtime.InteropServices.Marshal]::PtrToStringBSTR([Runtime.InteropServices.Marshal]::SecureStringToBSTR($secret))
  [IO.File]::WriteAllText($tokenFile, $plain)
}

$port = [int]($Listen -replace '^.*:', '')
foreach ($protocol in 'UDP', 'TCP') {
  New-NetFirewallRule -DisplayName "Banya relay ($protocol $port)" -Group $TaskName -Direction Inbound -Action Allow -Protocol $protocol -LocalPort $port -RemoteAddress LocalSubnet -Profile Domain, Private | Out-Null
}

$arguments = "`"$(Join-Path $Program 'main.js')`" --server $Server --source $Source --token-file `"$tokenFile`" --listen $Listen --spool `"$(Join-Path $Data 'spool')`" --spool-max $SpoolMax"
$action = New-ScheduledTaskAction -Execute $node.Source -Argument $arguments -WorkingDirectory $Data
$trigger = New-ScheduledTaskTrigger -AtStartup
$principal = New-ScheduledTaskPrincipal -UserId 'S-1-5-19' -LogonType ServiceAccount
# LocalService has few rights; it is let into the data folder and nowhere else.
icacls $Data /grant '*S-1-5-19:(OI)(CI)M' | Out-Null
$settings = New-ScheduledTaskSettingsSet -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries -RestartCount 999 -RestartInterval (New-TimeSpan -Minutes 1) -ExecutionTimeLimit ([TimeSpan]::Zero)
Register-ScheduledTask -TaskName $TaskName -Action $action -Trigger $trigger -Principal $principal -Settings $settings | Out-Null
Start-ScheduledTask -TaskName $TaskName
Write-Host 'Installed. Look at http://127.0.0.1:5580 / 入りました。http://127.0.0.1:5580 をご覧ください。'
