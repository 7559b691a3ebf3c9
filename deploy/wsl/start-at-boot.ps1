# Starts Banya inside WSL2 whenever this Windows machine starts. Run once in PowerShell as administrator:
#   powershell -ExecutionPolicy Bypass -File start-at-boot.ps1 -Distribution Debian -House /home/banya/banya
param(
  [string]$Distribution = "Debian",
  [Parameter(Mandatory = $true)][string]$House,
  [string]$Data = "/var/lib/banya",
  [string]$TaskName = "Banya"
)
if ($House -notmatch '^/[\w./-]+$' -or $Data -notmatch '^/[\w./-]+$') { throw "House and Data must be plain Linux paths." }
$action = New-ScheduledTaskAction -Execute "wsl.exe" -Argument "-d $Distribution -- $House/banya start --data $Data"
$trigger = New-ScheduledTaskTrigger -AtStartup
$settings = New-ScheduledTaskSettingsSet -RestartCount 999 -RestartInterval (New-TimeSpan -Minutes 1) -ExecutionTimeLimit (New-TimeSpan -Seconds 0) -AllowStartIfOnBatteries
$principal = New-ScheduledTaskPrincipal -UserId $env:USERNAME -LogonType S4U -RunLevel Highest
Register-ScheduledTask -TaskName $TaskName -Action $action -Trigger $trigger -Settings $settings -Principal $principal -Force | Out-Null
Write-Output "Banya starts with Windows. Remove it with: Unregister-ScheduledTask -TaskName $TaskName"
