import XinglinCommand

await runXinglin()
