"""Say who the service is: its name, how to reach it, where its alarms go.

These are this project's defaults for the district of Meißen until the options page keeps them; the numbers with 000
after the area code belong to nobody.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Service:
    """The service as readers see it; `phone` is E.164, `mailbox` the address of the people on duty.

    `term` and `people` are what German sentences call interpreting and those who do it.
    """

    name: str = "Gemeindedolmetscherdienst"
    district: str = "Landkreis Meißen"
    phone: str = "+493521000140"
    mailbox: str = "koordination@dolmetscherdienst.example"
    operator: str = "Landratsamt Meißen"
    address: str = "Brauhausstraße 21, 01662 Meißen"
    term: str = "Sprachmittlung"
    people: str = "Sprachmittlerinnen und Sprachmittler"


DEFAULT = Service()
